import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.classical import models, tuning
from {{ cookiecutter.package_name }}.schema import Statistics

Arrays = tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.int64]]]
NAMES = {"dummy", "logistic", "knn", "svm_rbf", "random_forest"}


def clusters(rows: dict[str, int], classes: int = 3, apart: float = 3.0) -> Arrays:
    generator = np.random.default_rng(0)
    targets = {name: np.arange(count) % classes for name, count in rows.items()}
    features = {
        name: (apart * np.eye(classes)[numbers] + generator.normal(size=(len(numbers), classes)))
        for name, numbers in targets.items()
    }
    return {name: values.astype(np.float32) for name, values in features.items()}, targets


def tuned(features: Any, targets: Any, trials: int = 2) -> dict[str, tuple[Any, dict[str, Any]]]:
    about = small_manifest()
    of_kit = models.candidates(about, len(targets["train"]), 0, 1024)
    found = tuning.tuned_models(of_kit, features, targets, about.classes, trials, 0)
    return {name: (model, facts) for name, model, facts in found}


@pytest.mark.ml_test_score("model-5")
def test_every_baseline_learns_what_is_easy_and_the_dummy_does_not() -> None:
    features, targets = clusters({"train": 90, "val": 30, "test": 300})
    found = tuned(features, targets)
    assert set(found) == NAMES
    for name, (model, _) in found.items():
        probabilities = model.predict_proba(features["test"])
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
        accuracy = (probabilities.argmax(axis=1) == targets["test"]).mean()
        assert (accuracy > 0.85) == (name != "dummy"), (name, accuracy)


@pytest.mark.slow
def test_the_setting_that_is_best_on_validation_is_chosen() -> None:
    features, targets = clusters({"train": 60, "val": 60}, apart=1.0)
    model, space = models.candidates(small_manifest(), 60, 0, 1024)["knn"]
    scores = [
        model.set_params(**setting)
        .fit(features["train"], targets["train"])
        .score(features["val"], targets["val"])
        for setting in tuning.settings_of(space, 6, 0)
    ]
    _, facts = tuned(features, targets, trials=6)["knn"]
    assert facts["validation"] == max(scores) > scores[-1]


@pytest.mark.parametrize("val", [[0, 1, 2], [0, 0, 1], [2, 2, 2]])
def test_few_rows_and_missing_classes_in_validation_are_enough(val: list[int]) -> None:
    features, targets = clusters({"train": 8, "val": 3, "test": 6})
    targets["val"] = np.array(val)
    for name, (model, _) in tuned(features, targets).items():
        probabilities = model.predict_proba(features["test"])
        assert probabilities.shape == (6, 3), name
        assert np.isfinite(probabilities).all(), name


def test_a_class_that_a_fold_never_trains_on_is_never_said() -> None:
    features, targets = clusters({"train": 30, "val": 12, "test": 12}, classes=2)
    targets = {name: 2 * numbers for name, numbers in targets.items()}  # of classes 0, 1 and 2
    for name, (model, _) in tuned(features, targets).items():
        outputs = tuning.outputs_of(model, features["test"], small_manifest().classes)
        assert outputs.shape == (12, 3), name
        assert (outputs[:, 1] == 0).all(), name
        np.testing.assert_allclose(outputs.sum(axis=1), 1, atol=1e-6)


def test_no_more_neighbours_are_asked_than_there_are_rows() -> None:
    space = models.candidates(small_manifest(), 8, 0, 1024)["knn"][1]
    assert space == {"n_neighbors": [1, 3, 5, 7]}


@pytest.mark.ml_test_score("model-5")
def test_each_baseline_has_the_same_number_of_tries_as_far_as_there_are_as_many() -> None:
    for name, (_, space) in models.candidates(small_manifest(), 100, 0, 1024).items():
        settings = tuning.settings_of(space, 6, 0)
        assert len({str(sorted(one.items())) for one in settings}) == len(settings)
        assert len(settings) == (6 if space else 1), name


def test_features_are_pixels_standardised_as_for_the_fold_and_large_images_are_averaged() -> None:
    others, own = Statistics([0, 0], [1, 1]), Statistics([1, 3], [2, 4])
    manifest = replace(
        small_manifest(), image_size=4, channels=2, statistics=[others, others, own], folds=2
    )
    images = np.arange(2 * 4 * 4 * 2, dtype=np.uint8).reshape(2, 4, 4, 2)
    whole = models.features_of(images, manifest, 1, 16)
    np.testing.assert_allclose(whole, ((images - [1, 3]) / [2, 4]).reshape(2, -1))
    halved = models.features_of(images, manifest, 1, 15)  # patches of 2 x 2 are the least
    corner = images[0, :2, :2].mean(axis=(0, 1))
    assert halved.shape == (2, 2 * 2 * 2)
    np.testing.assert_allclose(halved[0, :2], (corner - [1, 3]) / [2, 4])
    released = models.features_of(images, manifest, None, 16)
    np.testing.assert_allclose(released, images.reshape(2, -1))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    some.integers(0, 2**32), some.integers(1, 9), some.sampled_from([1, 3]), some.integers(1, 100)
)
def test_patches_are_means_of_their_pixels_one_by_one(
    seed: int, size: int, channels: int, most: int
) -> None:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (2, size, size, channels), dtype=np.uint8)
    about = Statistics(random.uniform(0, 200, channels).tolist(), [3.0] * channels)
    manifest = replace(small_manifest(), image_size=size, channels=channels, statistics=[about])
    found = models.features_of(images, manifest, None, most)
    patch = next(side for side in range(1, size + 1) if size <= side * math.isqrt(most))
    expected: list[list[float]] = [[], []]
    for number, image in enumerate(images):
        for top in range(0, size - patch + 1, patch):
            for left in range(0, size - patch + 1, patch):
                for channel in range(channels):
                    inside = image[top : top + patch, left : left + patch, channel].ravel()
                    mean = sum(map(int, inside)) / len(inside)
                    expected[number].append((mean - about.mean[channel]) / 3)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)
    assert found.shape[1] <= most * channels
