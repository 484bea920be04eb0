import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }} import score
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.scoring import load_networks, predict_rows
from {{ cookiecutter.package_name }}.slices.facts import facts_of

BAD_SLICE = {
    "name": "odd",
    "where": "no_such_fact > 1",
    "reason": "none",
    "least_rows": 50,
    "margin": 0.05,
}


def test_scored_tables_hold_what_the_network_says_of_each_row(pipeline: Path) -> None:
    network = Predictor(pipeline / "models" / "network")
    for split in ("val", "test"):
        rows = load_split(pipeline / "data" / "prepared", split)
        table = Predictions.load(pipeline / "predictions" / "network" / f"{split}.parquet")
        assert (table.ids, table.classes) == (rows.ids, network.classes)
        assert table.fold is None
        np.testing.assert_array_equal(table.targets, rows.targets)
        np.testing.assert_allclose(table.outputs, network.predict(rows.inputs), atol=1e-6)


@pytest.mark.slow
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


@pytest.mark.slow
def test_in_folds_every_row_is_a_test_row_once(folded: Path) -> None:
    table = Predictions.load(folded / "predictions" / "network" / "test.parquet")
    rows = Manifest.load(folded / "data" / "prepared").rows
    assert len(set(table.ids)) == len(table.ids) == sum(rows.values())
    metrics = json.loads((folded / "reports" / "metrics.json").read_text("utf-8"))
    assert (metrics["test_set"]["rows"], metrics["test_set"]["folds"]) == (len(table.ids), 3)


@pytest.mark.parametrize("project", ["pipeline", pytest.param("folded", marks=pytest.mark.slow)])
@pytest.mark.parametrize("split", ["val", "test"])
def test_scored_rows_come_with_their_facts(
    split: str, project: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(project)
    prepared, models = folder / "data/prepared", folder / "models/network"
    table = Predictions.load(folder / f"predictions/network/{split}.parquet")
    folds = [None] if table.fold is None else range(3)
    rows = [load_split(prepared, split, fold) for fold in folds]
    facts = [facts_of(prepared, part.ids, part.inputs) for part in rows]
    assert table.facts is not None
    assert table.facts.equals(pl.concat(facts))
    told = predict_rows(load_networks(models, prepared), prepared, split)
    assert told.facts is None  # nobody asked for them


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("slices", [BAD_SLICE], "evaluation.slices, odd: where: no_such_fact > 1: no_such_fact"),
        ("sensitive", ["no_such_fact"], "evaluation.sensitive: no_such_fact: no such fact"),
    ],
)
def test_a_fact_that_rows_do_not_have_is_refused_before_anything_is_predicted(
    key: str,
    value: object,
    told: str,
    pipeline: Path,
    tmp_path: Path,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    monkeypatch.chdir(project)
    params: Any = OmegaConf.load(project / "params.yaml")
    params.evaluation[key] = value
    OmegaConf.save(params, project / "params.yaml")
    monkeypatch.setattr(Predictor, "predict", None)  # calling it is an error of another kind
    before = (project / "predictions/network/test.parquet").read_bytes()
    with pytest.raises(SystemExit, match=told):
        invoke(score.main, "--stage")
    assert (project / "predictions/network/test.parquet").read_bytes() == before


def test_no_rows_to_try_leave_no_tables(
    pipeline: Path, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    monkeypatch.chdir(project)
    params: Any = OmegaConf.load(project / "params.yaml")
    params.evaluation.robustness.rows = params.evaluation.behaviour.rows = 0
    OmegaConf.save(params, project / "params.yaml")
    invoke(score.main, "--stage")
    written = {file.name for file in (project / "predictions/network").iterdir()}
    assert written == {"val.parquet", "test.parquet", "sensitive.json"}


def test_scoring_refuses_data_that_were_prepared_anew(
    pipeline: Path, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    manifest = Manifest.load(project / "data" / "prepared")
    replace(manifest, hashes={**manifest.hashes, "test": "other"}).save(project / "data/prepared")
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit, match="trained on other data"):
        invoke(score.main)
