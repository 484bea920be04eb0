from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.classical import tuning
from {{ cookiecutter.package_name }}.classical.models import candidates, features_of
from {{ cookiecutter.package_name }}.classical.softmax import SoftmaxRegression
from {{ cookiecutter.package_name }}.schema import Manifest

SPLITS = ("train", "val", "test")


def arrays_of(prepared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The features and the targets of each split."""
    manifest = Manifest.load(prepared)
    rows = {name: load_split(prepared, name) for name in SPLITS}
    features = {name: features_of(rows[name].inputs, manifest, None, 1000) for name in SPLITS}
    return features, {name: rows[name].targets.copy() for name in SPLITS}


@pytest.mark.slow
@pytest.mark.ml_test_score("model-5")
def test_nothing_is_fitted_to_the_test_split(prepared: Path, manifest: Manifest) -> None:
    def fitted() -> dict[str, Any]:
        found = tuning.tuned_models(models, features, targets, manifest.classes, 2, 0)
        return {
            name: (facts, model.predict_proba(features["train"]).tolist())
            for name, model, facts in found
        }

    features, targets = arrays_of(prepared)
    models = candidates(manifest, len(targets["train"]), 0, 1000)
    before = fitted()
    features["test"], targets["test"] = -features["test"], 2 - targets["test"]
    assert fitted() == before
    targets["val"] = (targets["val"] + 1) % 3
    assert fitted() != before


def test_quality_is_accuracy_or_the_error_with_a_minus() -> None:
    model = DummyClassifier(strategy="constant", constant=1).fit([[0], [0]], [0, 1])
    features = np.zeros((4, 1), np.float32)
    assert tuning.quality_of(model, features, np.array([1, 1, 1, 0]), ["a", "b"]) == 0.75
    line = LinearRegression().fit([[0], [1]], [2, 2])
    assert tuning.quality_of(line, features, np.array([1.0, 2, 3, 6]), []) == pytest.approx(-1.5)


def test_outputs_are_values_or_a_probability_for_every_class() -> None:
    features = np.array([[0], [1], [2]], np.float32)
    line = LinearRegression().fit(features, [1, 3, 5])
    np.testing.assert_allclose(tuning.outputs_of(line, features, []), [1, 3, 5], rtol=1e-6)
    seen = DummyClassifier(strategy="prior").fit(features, [0, 2, 2])
    found = tuning.outputs_of(seen, features, ["a", "b", "c"])
    np.testing.assert_allclose(found, [[1 / 3, 0, 2 / 3]] * 3)
    assert tuning.outputs_of(seen, features[:0], ["a", "b", "c"]).shape == (0, 3)


def test_a_softmax_regression_that_was_cut_short_says_so() -> None:
    generator = np.random.default_rng(0)
    features, targets = generator.normal(size=(60, 4)), np.arange(60) % 2
    cut = SoftmaxRegression(max_iter=1)
    with pytest.warns(match="failed to converge"):
        cut.fit(features, targets)
    assert not tuning.has_converged(cut)
    assert tuning.has_converged(SoftmaxRegression().fit(features, targets))
    assert tuning.has_converged(LinearRegression().fit(features, targets))
    nothing: dict[str, float] = {}
    facts = {"chosen": nothing, "converged": False, "validation": 0.5, "metric": "accuracy"}
    assert tuning.told(facts) == (
        "0.500 accuracy on validation, nothing to tune, stopped before it converged"
    )


def test_the_ranges_of_hyperparameters_are_told() -> None:
    space = {"C": loguniform(1e-4, 1e1), "n_neighbors": [1, 3]}
    told = {"C": "loguniform 0.0001 to 10", "n_neighbors": "1 | 3"}
    assert tuning.ranges_of(space) == told


def test_settings_are_drawn_once_each_and_the_same_again() -> None:
    assert len(tuning.settings_of({"a": [1, 2], "b": [3, 4]}, 6, 0)) == 4
    assert tuning.settings_of({}, 6, 0) == [{}]
    continuous = {"a": loguniform(1, 10)}
    assert tuning.settings_of(continuous, 3, 0) == tuning.settings_of(continuous, 3, 0)
    assert tuning.settings_of(continuous, 3, 0) != tuning.settings_of(continuous, 3, 1)


def test_large_training_sets_are_sampled_without_repetition() -> None:
    drawn = tuning.sample_rows(1000, 100, 0)
    assert len(set(drawn.tolist())) == 100
    assert sorted(tuning.sample_rows(50, 100, 0)) == list(range(50))
    assert (drawn != tuning.sample_rows(1000, 100, 1)).any()
