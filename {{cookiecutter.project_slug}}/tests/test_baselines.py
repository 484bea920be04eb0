import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression

from {{ cookiecutter.package_name }} import baselines
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.classical import features_of
from {{ cookiecutter.package_name }}.config import Baselines
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.schema import Manifest

SETTINGS = Baselines(trials=1, threads=1, max_rows=40, max_features=1000)
SPLITS = ("train", "val", "test")


def arrays_of(prepared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The features and the targets of each split."""
    manifest = Manifest.load(prepared)
    rows = {name: load_split(prepared, name) for name in SPLITS}
    features = {name: features_of(rows[name].inputs, manifest, None, 1000) for name in SPLITS}
    return features, {name: rows[name].targets.copy() for name in SPLITS}


def test_nothing_is_fitted_to_the_test_split(prepared: Path, manifest: Manifest) -> None:
    def fitted() -> dict[str, Any]:
        found = baselines.tuned_models(features, targets, manifest, 2, 0)
        return {
            name: (facts, model.predict_proba(features["train"]).tolist())
            for name, model, facts in found
        }

    features, targets = arrays_of(prepared)
    before = fitted()
    features["test"], targets["test"] = -features["test"], 2 - targets["test"]
    assert fitted() == before
    targets["val"] = (targets["val"] + 1) % 3
    assert fitted() != before


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


def test_quality_is_accuracy_or_the_error_with_a_minus() -> None:
    model = DummyClassifier(strategy="constant", constant=1).fit([[0], [0]], [0, 1])
    features = np.zeros((4, 1), np.float32)
    assert baselines.quality_of(model, features, np.array([1, 1, 1, 0]), ["a", "b"]) == 0.75
    line = LinearRegression().fit([[0], [1]], [2, 2])
    assert baselines.quality_of(line, features, np.array([1.0, 2, 3, 6]), []) == pytest.approx(-1.5)


def test_outputs_are_values_or_a_probability_for_every_class() -> None:
    features = np.array([[0], [1], [2]], np.float32)
    line = LinearRegression().fit(features, [1, 3, 5])
    np.testing.assert_allclose(baselines.outputs_of(line, features, []), [1, 3, 5], rtol=1e-6)
    seen = DummyClassifier(strategy="prior").fit(features, [0, 2, 2])
    found = baselines.outputs_of(seen, features, ["a", "b", "c"])
    np.testing.assert_allclose(found, [[1 / 3, 0, 2 / 3]] * 3)
    assert baselines.outputs_of(seen, features[:0], ["a", "b", "c"]).shape == (0, 3)


def test_a_logistic_regression_that_was_cut_short_says_so() -> None:
    generator = np.random.default_rng(0)
    features, targets = generator.normal(size=(60, 4)), np.arange(60) % 2
    cut = LogisticRegression(max_iter=1)
    with pytest.warns(match="failed to converge"):
        cut.fit(features, targets)
    assert not baselines.has_converged(cut)
    assert baselines.has_converged(LogisticRegression(max_iter=500).fit(features, targets))
    assert baselines.has_converged(LinearRegression().fit(features, targets))
    nothing: dict[str, float] = {}
    facts = {"chosen": nothing, "converged": False, "validation": 0.5, "metric": "accuracy"}
    assert baselines.told(facts) == (
        "0.500 accuracy on validation, nothing to tune, stopped before it converged"
    )


def test_settings_are_drawn_once_each_and_the_same_again() -> None:
    assert len(baselines.settings_of({"a": [1, 2], "b": [3, 4]}, 6, 0)) == 4
    assert baselines.settings_of({}, 6, 0) == [{}]
    continuous = {"a": loguniform(1, 10)}
    assert baselines.settings_of(continuous, 3, 0) == baselines.settings_of(continuous, 3, 0)
    assert baselines.settings_of(continuous, 3, 0) != baselines.settings_of(continuous, 3, 1)


def test_large_training_sets_are_sampled_without_repetition() -> None:
    drawn = baselines.sample_rows(1000, 100, 0)
    assert len(set(drawn.tolist())) == 100
    assert sorted(baselines.sample_rows(50, 100, 0)) == list(range(50))
    assert (drawn != baselines.sample_rows(1000, 100, 1)).any()


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
