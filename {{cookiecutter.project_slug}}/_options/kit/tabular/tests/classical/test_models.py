import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.classical import tuning
from {{ cookiecutter.package_name }}.classical.models import (
    MOST_CODES,
    candidates,
    features_of,
)
from {{ cookiecutter.package_name }}.schema import Feature, Manifest

Table = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]
tasks = pytest.mark.parametrize("classes", [["a", "b", "c"], []], ids=["classes", "values"])
ROWS = {"train": 90, "val": 60, "test": 90}


def described(classes: list[str], numbers: int = 2, categories: int = 6) -> Manifest:
    features = [Feature(f"number {position}", None) for position in range(numbers)]
    names = [f"category {position}" for position in range(categories)]
    if names:
        features.append(Feature("category", names))
    return replace(small_manifest(), features=features, classes=classes)


def easy(by: str, rows: dict[str, int] = ROWS) -> tuple[Arrays, Arrays]:
    """Two numbers and six categories; one of them, or what is missing, tells the target."""
    generator = np.random.default_rng(0)
    features: Arrays = {}
    targets: Arrays = {}
    for split, count in rows.items():
        target = np.arange(count) % 3
        number, other = generator.normal(size=(2, count))
        code = generator.integers(0, 6, count)
        if by == "number":
            number += 4 * target
        if by == "category":
            code = target + 3 * (code > 2)
        if by == "missing":
            other[target == 1] = np.nan
            number[target == 2] = np.nan
        features[split] = np.column_stack([number, other, code + 1]).astype(np.float32)
        targets[split] = target
    return features, targets


def tuned(features: Arrays, targets: Arrays, about: Manifest) -> dict[str, Any]:
    if not about.classes:
        targets = {split: 10.0 * values for split, values in targets.items()}
    of_kit = candidates(about, len(targets["train"]), 0, 1024)
    found = tuning.tuned_models(of_kit, features, targets, about.classes, 2, 0)
    return {name: (model, facts) for name, model, facts in found}


def outputs(features: Arrays, targets: Arrays, about: Manifest) -> dict[str, NDArray[np.floating]]:
    return {
        name: tuning.outputs_of(model, features["test"], about.classes)
        for name, (model, _) in tuned(features, targets, about).items()
    }


@tasks
@pytest.mark.parametrize("by", ["number", "category", "missing"])
@pytest.mark.ml_test_score("model-5")
def test_every_baseline_learns_what_is_easy_and_the_dummy_does_not(
    classes: list[str], by: str
) -> None:
    features, targets = easy(by)
    for name, given in outputs(features, targets, described(classes)).items():
        if classes:
            assert ((given.argmax(1) == targets["test"]).mean() > 0.7) == (name != "dummy"), name
        else:
            error = np.abs(given - 10 * targets["test"]).mean()  # of a constant: about 6.7
            assert (error < 5) == (name != "dummy"), (name, error)


@pytest.mark.slow
@tasks
def test_nothing_is_fitted_to_the_test_split(classes: list[str]) -> None:
    def fitted() -> dict[str, Any]:
        found = tuned(features, targets, about).items()
        return {
            name: (facts, model.predict(features["train"]).tolist())
            for name, (model, facts) in found
        }

    about = described(classes)
    features, targets = easy("number", {"train": 60, "val": 30, "test": 30})
    before = fitted()
    features["test"], targets["test"] = -features["test"], 2 - targets["test"]
    assert fitted() == before
    targets["val"] = (targets["val"] + 1) % 3
    assert fitted() != before


@tasks
def test_what_training_never_saw_is_predicted(classes: list[str]) -> None:
    features, targets = easy("number")
    for split in ("train", "val"):
        features[split][:, 1], features[split][:, 2] = np.nan, 1  # no number, a single category
    features["test"][::2, 0] = np.nan  # missing there alone
    for name, given in outputs(features, targets, described(classes)).items():
        assert np.isfinite(given).all(), name


@pytest.mark.slow
@tasks
@pytest.mark.parametrize(("numbers", "categories"), [(2, 0), (0, 6)])
def test_a_table_may_have_numbers_alone_or_categories_alone(
    classes: list[str], numbers: int, categories: int
) -> None:
    features, targets = easy("number" if numbers else "category")
    columns = slice(0, 2) if numbers else slice(2, 3)
    features = {split: values[:, columns] for split, values in features.items()}
    for name, given in outputs(features, targets, described(classes, numbers, categories)).items():
        assert np.isfinite(given).all(), name
        assert name == "dummy" or len(np.unique(given.round(3), axis=0)) > 1


@pytest.mark.slow
@tasks
@pytest.mark.parametrize("val", [[0, 0, 1], [2, 2, 2]])
def test_few_rows_and_missing_classes_in_validation_are_enough(
    classes: list[str], val: list[int]
) -> None:
    features, targets = easy("number", {"train": 8, "val": 3, "test": 6})
    targets["val"] = np.array(val)
    for name, given in outputs(features, targets, described(classes)).items():
        assert given.shape == ((6, 3) if classes else (6,)), name
        assert np.isfinite(given).all(), name


@pytest.mark.slow
@tasks
def test_more_categories_than_trees_can_tell_apart_are_no_error(classes: list[str]) -> None:
    features, targets = easy("number")
    many = MOST_CODES + 45
    for values in features.values():
        values[:, 2] = np.arange(len(values)) % many
    for name, given in outputs(features, targets, described(classes, 2, many)).items():
        assert np.isfinite(given).all(), name


@tasks
def test_of_a_wide_table_the_most_telling_columns_are_kept(classes: list[str]) -> None:
    generator = np.random.default_rng(0)
    targets = np.arange(90) % 3
    matrix = generator.normal(size=(90, 30)).astype(np.float32)
    matrix[:, 3], matrix[:, 17] = 5.0, matrix[:, 17] + 3 * targets  # one constant, one telling
    models = candidates(described(classes, 30, 0), 90, 0, 4)
    for name in ("linear", "knn"):
        pipeline = models[name][0].fit(matrix, targets)
        kept = pipeline[1].get_support(indices=True)
        assert len(kept) == 4, name
        assert 17 in kept, name
        assert 3 not in kept, name
    assert len(candidates(described(classes, 30, 0), 90, 0, 1024)["linear"][0].steps) == 2


@tasks
def test_no_more_neighbours_are_asked_than_there_are_rows(classes: list[str]) -> None:
    space = candidates(described(classes), 8, 0, 1024)["knn"][1]
    assert list(space.values()) == [[1, 3, 5, 7]]


@tasks
@pytest.mark.ml_test_score("model-5")
def test_each_baseline_has_the_same_number_of_tries_as_far_as_there_are_as_many(
    classes: list[str],
) -> None:
    for name, (_, space) in candidates(described(classes), 100, 0, 1024).items():
        settings = tuning.settings_of(space, 6, 0)
        assert len({json.dumps(one, sort_keys=True) for one in settings}) == len(settings)
        assert len(settings) == (6 if name != "dummy" else 1 if classes else 2), name


def test_the_matrix_reaches_every_model_as_it_was_prepared() -> None:
    matrix = easy("missing")[0]["train"]
    given = features_of(matrix, described([]), None, 1024)
    np.testing.assert_array_equal(given, matrix)
