import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calling import Invoke

from {{ cookiecutter.package_name }} import score
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.schema import Manifest


def test_scored_tables_hold_what_the_network_says_of_each_row(pipeline: Path) -> None:
    network = Predictor(pipeline / "models" / "network")
    for split in ("val", "test"):
        rows = load_split(pipeline / "data" / "prepared", split)
        table = Predictions.load(pipeline / "predictions" / "network" / f"{split}.parquet")
        assert (table.ids, table.classes) == (rows.ids, network.classes)
        assert table.fold is None
        np.testing.assert_array_equal(table.targets, rows.targets)
        np.testing.assert_allclose(table.outputs, network.predict(rows.inputs), atol=1e-6)


@pytest.mark.parametrize("split", ["val", "test"])
def test_in_folds_each_row_is_predicted_by_the_network_that_was_not_trained_on_it(
    split: str, folded: Path
) -> None:
    prepared, models = folded / "data" / "prepared", folded / "models" / "network"
    table = Predictions.load(folded / "predictions" / "network" / f"{split}.parquet")
    assert table.fold is not None
    for fold in range(Manifest.load(prepared).folds):
        network, rows = Predictor(models / f"fold-{fold}"), load_split(prepared, split, fold)
        assert network.fold == fold
        assert not set(rows.ids) & set(load_split(prepared, "train", fold).ids)
        of_fold = np.flatnonzero(table.fold == fold)
        assert [table.ids[row] for row in of_fold] == rows.ids
        np.testing.assert_allclose(table.outputs[of_fold], network.predict(rows.inputs), atol=1e-6)


def test_in_folds_every_row_is_a_test_row_once(folded: Path) -> None:
    table = Predictions.load(folded / "predictions" / "network" / "test.parquet")
    rows = Manifest.load(folded / "data" / "prepared").rows
    assert len(set(table.ids)) == len(table.ids) == sum(rows.values())
    metrics = json.loads((folded / "reports" / "metrics.json").read_text("utf-8"))
    assert (metrics["test_set"]["rows"], metrics["test_set"]["folds"]) == (len(table.ids), 3)


def test_scoring_refuses_data_that_were_prepared_anew(
    pipeline: Path, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    manifest = Manifest.load(project / "data" / "prepared")
    replace(manifest, hashes={**manifest.hashes, "test": "other"}).save(project / "data/prepared")
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit, match="trained on other data"):
        invoke(score.main)
