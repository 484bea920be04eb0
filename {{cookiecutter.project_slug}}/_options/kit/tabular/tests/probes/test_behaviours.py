"""Models that are broken in one way each, and the check that notices."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.config.kit import Behaviour as Settings
from {{ cookiecutter.package_name }}.config.kit import Direction
from {{ cookiecutter.package_name }}.probes import changes
from {{ cookiecutter.package_name }}.probes.behaviours import behaviours_for
from {{ cookiecutter.package_name }}.probes.checking import (
    Behaviour,
    Examples,
    Predict,
    Trial,
)
from {{ cookiecutter.package_name }}.schema import Feature, Manifest, Statistics

Floats = NDArray[np.floating]
STD = [2.0, 30.0]
PER_STD = np.array(STD)
OF_CLASSES = replace(
    small_manifest(),
    features=[Feature("size", None), Feature("weight", None), Feature("color", ["blue", "red"])],
    statistics=[Statistics([[0.0] * 129] * 2, [0.0, 0.0], STD, 0.0, 50.0)],
)
OF_VALUES = replace(OF_CLASSES, classes=[])
EMPTY = "a row of missing values gets a valid answer"
ALONE = "a row alone is answered as among others"
ORDER, UNSEEN = "the order of rows does not matter", "an unseen category counts as a missing one"
TYPICAL, NOISE = "typical rows are recognised", "tiny noise changes no decision"
CLASS, HIGH = "nearer to its class is not less likely", "nearer to high targets is higher"
EXTREMES = "the highest and the lowest are told apart"


def examples(rows: int, seed: int, manifest: Manifest) -> Examples:
    """Classes that lie apart in size and in weight; a tenth of the numbers is missing."""
    generator = np.random.default_rng(seed)
    targets = np.arange(rows) % 3
    apart = 2 * (targets - 1)[:, None] + generator.normal(size=(rows, 2)) / 3
    apart[generator.random(rows) < 0.1, 1] = np.nan
    color = generator.integers(0, 3, (rows, 1))
    inputs = np.concatenate([apart * STD, color], axis=1).astype(np.float32)
    values = targets if manifest.classes else 100 * apart[:, 0]
    return Examples([f"{seed}-{row}" for row in range(rows)], inputs, values)


def position(rows: Any) -> Floats:
    """Where a row lies between the classes, by the numbers that it has."""
    known = ~np.isnan(rows[:, :2])
    scaled = np.where(known, rows[:, :2] / PER_STD, 0)
    return scaled.sum(axis=1) / np.maximum(known.sum(axis=1), 1)


def probabilities(position: Floats) -> Floats:
    weights = np.exp(-np.square(position[:, None] - [-2, 0, 2]))
    return weights / weights.sum(axis=1, keepdims=True)


def sound(rows: Any) -> Floats:
    return probabilities(position(rows))


def value(rows: Any) -> Floats:
    return 100 * position(rows)


def in_training_mode(rows: Any) -> Floats:
    return probabilities(position(rows) - position(rows).mean())


def neighbour(rows: Any) -> Floats:
    return sound(np.roll(rows, 1, axis=0))


def without_missing(rows: Any) -> Floats:
    return probabilities((rows[:, :2] / PER_STD).mean(axis=1))


def by_last_digits(rows: Any) -> Floats:
    return np.eye(3)[np.floor(np.nan_to_num(rows[:, 0]) * 1000).astype(int) % 3]


def wrong_way(rows: Any) -> Floats:
    return sound(rows)[:, ::-1]


def sure_of_outliers(rows: Any) -> Floats:
    """As sure as a row is far from the middle of its class."""
    off = np.abs(position(rows)[:, None] - [-2, 0, 2]).min(axis=1)
    sure = (off / 0.4).clip(0, 1)[:, None]
    return sure * sound(rows) + (1 - sure) / 3


def against(rows: Any) -> Floats:
    return -value(rows)


def steps(rows: Any) -> Floats:
    """Values that jump with the last digits."""
    return value(rows) + 100 * by_last_digits(rows)[:, 0]


def endless(rows: Any) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return value(rows) / (~np.isnan(rows[:, :2])).sum(axis=1) * 2


def checks_of(manifest: Manifest, *declared: Direction) -> dict[str, Behaviour]:
    return {one.name: one for one in behaviours_for(manifest, Settings(200, [*declared]))}


def held(name: str, predict: Predict, manifest: Manifest, *declared: Direction) -> float:
    test, train = (examples(rows, seed, manifest) for rows, seed in ((60, 1), (90, 0)))
    trial = Trial(predict, test, train, manifest, None)
    ids, right = checks_of(manifest, *declared)[name].check(trial)
    assert len(ids) == len(right) > 0
    return float(right.mean())


def test_checks_are_those_that_the_columns_and_the_target_allow() -> None:
    always = {EMPTY, ALONE, ORDER}
    assert set(checks_of(OF_CLASSES)) == always | {TYPICAL, UNSEEN, NOISE, CLASS}
    assert set(checks_of(OF_VALUES)) == always | {EXTREMES, UNSEEN, NOISE, HIGH}
    numbers = replace(OF_CLASSES, features=OF_CLASSES.features[:2])
    assert UNSEEN not in checks_of(numbers)
    categories = replace(OF_CLASSES, features=OF_CLASSES.features[2:])
    assert set(checks_of(categories)) == always | {TYPICAL, UNSEEN}
    hard = {name for name, one in checks_of(OF_CLASSES).items() if one.hard}
    assert hard == always | {UNSEEN}


@pytest.mark.parametrize(
    ("manifest", "predict"), [(OF_CLASSES, sound), (OF_VALUES, value)], ids=["classes", "values"]
)
def test_a_sound_model_holds_to_everything(manifest: Manifest, predict: Predict) -> None:
    for name in checks_of(manifest):
        assert held(name, predict, manifest) == 1, name


@pytest.mark.parametrize(
    ("broken", "manifest", "name"),
    [
        (in_training_mode, OF_CLASSES, ALONE),
        (neighbour, OF_CLASSES, ALONE),
        (neighbour, OF_CLASSES, ORDER),
        (without_missing, OF_CLASSES, EMPTY),
        (by_last_digits, OF_CLASSES, NOISE),
        (wrong_way, OF_CLASSES, TYPICAL),
        (sure_of_outliers, OF_CLASSES, CLASS),
        (endless, OF_VALUES, EMPTY),
        (steps, OF_VALUES, NOISE),
        (against, OF_VALUES, EXTREMES),
        (against, OF_VALUES, HIGH),
    ],
)
def test_a_broken_model_is_caught(broken: Predict, manifest: Manifest, name: str) -> None:
    assert held(name, broken, manifest) < 0.7


def test_a_constant_value_tells_nothing_apart_and_goes_nowhere() -> None:
    for name in (EXTREMES, HIGH):
        assert held(name, lambda rows: np.full(len(rows), 7.0), OF_VALUES) <= 0.5


def test_an_unseen_category_goes_through_the_encoding_of_a_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_color(rows: Any) -> Floats:
        return probabilities(position(rows) + rows[:, 2])

    assert held(UNSEEN, by_color, OF_CLASSES) == 1
    encode = changes.matrix_of

    def last_code_for_what_is_new(rows: Any, features: Any) -> Any:
        matrix = encode(rows, features)
        matrix[~rows["color"].is_null().to_numpy(), 2] = 3
        return matrix

    monkeypatch.setattr(changes, "matrix_of", last_code_for_what_is_new)
    assert held(UNSEEN, by_color, OF_CLASSES) < 0.5
