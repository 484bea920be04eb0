import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.classical.fitting import baselines_of
from {{ cookiecutter.package_name }}.classical.models import REFERENCE
from {{ cookiecutter.package_name }}.config import Baselines
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.schema import Manifest

CELL = ["id", "target", "corruption", "severity"]


@pytest.mark.ml_test_score("model-5")
def test_the_stage_writes_a_table_of_each_split_and_how_each_was_tuned(pipeline: Path) -> None:
    folder = pipeline / "predictions" / "baselines"
    tuning = json.loads((folder / "tuning.json").read_text("utf-8"))
    assert {path.name for path in folder.glob("*/")} == set(tuning)
    for name, (facts,) in tuning.items():
        for split in ("val", "test"):
            table = Predictions.load(folder / name / f"{split}.parquet")
            rows = load_split(pipeline / "data" / "prepared", split)
            assert table.ids == rows.ids
            np.testing.assert_array_equal(table.targets, rows.targets)
        validation = Predictions.load(folder / name / "val.parquet")
        assert facts["validation"] == pytest.approx(validation.correct.mean())


@pytest.mark.slow
def test_with_folds_the_stage_predicts_every_row_by_a_model_of_the_other_folds(
    folded: Path,
) -> None:
    prepared, folder = folded / "data" / "prepared", folded / "predictions" / "baselines"
    manifest = Manifest.load(prepared)
    tuning = json.loads((folder / "tuning.json").read_text("utf-8"))
    assert {len(facts) for facts in tuning.values()} == {manifest.folds}
    settings = Baselines(trials=1, threads=1, max_rows=10000, max_features=1024)
    for one in baselines_of(prepared, manifest, 1, settings, 0, 0):
        table = Predictions.load(folder / one.name / "test.parquet")
        assert table.fold is not None
        of_fold, expected = table.fold == 1, one.tables["test"]
        assert [table.ids[row] for row in np.flatnonzero(of_fold)] == expected.ids
        np.testing.assert_allclose(table.outputs[of_fold], expected.outputs)
        assert one.facts == tuning[one.name][1]


@pytest.mark.parametrize("project", ["pipeline", pytest.param("folded", marks=pytest.mark.slow)])
def test_the_reference_is_scored_on_the_same_corrupted_rows_as_the_network(
    project: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(project) / "predictions"
    network = pl.read_parquet(folder / "network/corrupted.parquet")
    scored = {path.parent.name for path in folder.glob("baselines/*/corrupted.parquet")}
    assert scored == {REFERENCE}
    reference = pl.read_parquet(folder / "baselines" / REFERENCE / "corrupted.parquet")
    keys = [*CELL, "fold"] if project == "folded" else CELL
    assert network.columns == reference.columns
    assert network.select(keys).equals(reference.select(keys))
    assert not network["prediction"].equals(reference["prediction"])
