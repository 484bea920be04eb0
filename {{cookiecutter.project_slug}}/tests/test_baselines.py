import json
from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import baselines
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config import Baselines
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.schema import Manifest

SETTINGS = Baselines(trials=1, threads=1, max_rows=40, max_features=1000)


def test_each_baseline_predicts_every_row_of_val_and_test(
    prepared: Path, manifest: Manifest
) -> None:
    for name, tables, facts in baselines.baselines_of(prepared, manifest, None, SETTINGS, 0):
        assert facts["train_rows"] == SETTINGS.max_rows
        assert set(tables) == {"val", "test"}
        for split, table in tables.items():
            rows = load_split(prepared, split)
            assert (table.ids, table.classes) == (rows.ids, manifest.classes), name
            np.testing.assert_array_equal(table.targets, rows.targets)
            np.testing.assert_allclose(table.outputs.sum(axis=1), 1, atol=1e-6)
        assert facts["metric"] == "accuracy"
        assert facts["validation"] == pytest.approx(tables["val"].correct.mean())


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


def test_with_folds_the_stage_predicts_every_row_by_a_model_of_the_other_folds(
    folded: Path,
) -> None:
    prepared, folder = folded / "data" / "prepared", folded / "predictions" / "baselines"
    manifest = Manifest.load(prepared)
    tuning = json.loads((folder / "tuning.json").read_text("utf-8"))
    assert {len(facts) for facts in tuning.values()} == {manifest.folds}
    settings = Baselines(trials=1, threads=1, max_rows=10000, max_features=1024)
    again = baselines.baselines_of(prepared, manifest, 1, settings, 0)
    for name, tables, facts in again:
        table = Predictions.load(folder / name / "test.parquet")
        assert table.fold is not None
        of_fold = table.fold == 1
        assert [table.ids[row] for row in np.flatnonzero(of_fold)] == tables["test"].ids
        np.testing.assert_allclose(table.outputs[of_fold], tables["test"].outputs)
        assert facts == tuning[name][1]
