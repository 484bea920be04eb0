import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import loguniform

from {{ cookiecutter.package_name }} import baselines
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.schema import Manifest

Arrays = tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.int64]]]


def clusters(rows: dict[str, int], classes: int = 3, apart: float = 3.0) -> Arrays:
    generator = np.random.default_rng(0)
    targets = {name: np.arange(count) % classes for name, count in rows.items()}
    features = {
        name: (apart * np.eye(classes)[numbers] + generator.normal(size=(len(numbers), classes)))
        for name, numbers in targets.items()
    }
    return {name: values.astype(np.float32) for name, values in features.items()}, targets


def tuned(features: Any, targets: Any, trials: int = 2) -> dict[str, tuple[Any, dict[str, Any]]]:
    found = baselines.tuned_models(features, targets, trials, 0)
    return {name: (model, facts) for name, model, facts in found}


def test_every_baseline_learns_what_is_easy_and_the_dummy_does_not() -> None:
    features, targets = clusters({"train": 90, "val": 30, "test": 300})
    for name, (model, facts) in tuned(features, targets).items():
        probabilities = model.predict_proba(features["test"])
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
        accuracy = (probabilities.argmax(axis=1) == targets["test"]).mean()
        assert (accuracy > 0.85) == (name != "dummy"), (name, accuracy)
        assert facts["validation_accuracy"] == pytest.approx(
            (model.predict_proba(features["val"]).argmax(axis=1) == targets["val"]).mean()
        )


def test_the_setting_that_is_best_on_validation_is_chosen() -> None:
    features, targets = clusters({"train": 60, "val": 60}, apart=1.0)
    model, space = baselines.candidates(60, 0)["knn"]
    scores = [
        model.set_params(**setting)
        .fit(features["train"], targets["train"])
        .score(features["val"], targets["val"])
        for setting in baselines.settings_of(space, 6, 0)
    ]
    _, facts = tuned(features, targets, trials=6)["knn"]
    assert facts["validation_accuracy"] == max(scores) > scores[-1]


def test_nothing_is_fitted_to_the_test_split() -> None:
    def fitted() -> dict[str, Any]:
        found = tuned(features, targets).items()
        return {
            name: (facts, model.predict_proba(features["train"]).tolist())
            for name, (model, facts) in found
        }

    features, targets = clusters({"train": 60, "val": 30, "test": 30})
    before = fitted()
    features["test"], targets["test"] = -features["test"], 2 - targets["test"]
    assert fitted() == before
    targets["val"] = (targets["val"] + 1) % 3
    assert fitted() != before


@pytest.mark.parametrize("val", [[0, 1, 2], [0, 0, 1], [2, 2, 2]])
def test_few_rows_and_missing_classes_in_validation_are_enough(val: list[int]) -> None:
    features, targets = clusters({"train": 8, "val": 3, "test": 6})
    targets["val"] = np.array(val)
    for name, (model, _) in tuned(features, targets).items():
        probabilities = model.predict_proba(features["test"])
        assert probabilities.shape == (6, 3), name
        assert np.isfinite(probabilities).all(), name


def test_no_more_neighbours_are_asked_than_there_are_rows() -> None:
    assert baselines.candidates(8, 0)["knn"][1] == {"n_neighbors": [1, 3, 5, 7]}


def test_each_baseline_has_the_same_number_of_tries_as_far_as_there_are_as_many() -> None:
    for name, (_, space) in baselines.candidates(100, 0).items():
        settings = baselines.settings_of(space, 6, 0)
        assert len({json.dumps(one, sort_keys=True) for one in settings}) == len(settings)
        assert len(settings) == (6 if space else 1), name
    assert len(baselines.settings_of({"a": [1, 2], "b": [3, 4]}, 6, 0)) == 4
    continuous = {"a": loguniform(1, 10)}
    assert baselines.settings_of(continuous, 3, 0) == baselines.settings_of(continuous, 3, 0)


def test_features_are_standardised_pixels_and_large_images_are_averaged(
    manifest: Manifest,
) -> None:
    values = manifest.__dict__ | {"image_size": 4, "channels": 2, "mean": [1, 3], "std": [2, 4]}
    about = Manifest(**values)
    images = np.arange(2 * 4 * 4 * 2, dtype=np.uint8).reshape(2, 4, 4, 2)
    whole = baselines.pixels_of(images, about, 4)
    np.testing.assert_allclose(whole, ((images - [1, 3]) / [2, 4]).reshape(2, -1))
    halved = baselines.pixels_of(images, about, 3)  # patches of 2 x 2 are the least that fits
    corner = images[0, :2, :2].mean(axis=(0, 1))
    assert halved.shape == (2, 2 * 2 * 2)
    np.testing.assert_allclose(halved[0, :2], (corner - [1, 3]) / [2, 4])


def test_large_training_sets_are_sampled_without_repetition() -> None:
    drawn = baselines.sample_rows(1000, 100, 0)
    assert len(set(drawn.tolist())) == 100
    assert sorted(baselines.sample_rows(50, 100, 0)) == list(range(50))
    assert (drawn != baselines.sample_rows(1000, 100, 1)).any()


def test_the_stage_predicts_the_rows_of_each_split(pipeline: Path) -> None:
    folder = pipeline / "predictions" / "baselines"
    tuning = json.loads((folder / "tuning.json").read_text("utf-8"))
    assert {path.name for path in folder.glob("*/")} == set(tuning["models"])
    for name, facts in tuning["models"].items():
        for split in ("val", "test"):
            table = Predictions.load(folder / name / f"{split}.parquet")
            rows = load_split(pipeline / "data" / "prepared", split)
            assert table.ids == rows.ids
            np.testing.assert_array_equal(table.targets, rows.targets)
        validation = Predictions.load(folder / name / "val.parquet")
        assert facts["validation_accuracy"] == pytest.approx(validation.correct.mean())
