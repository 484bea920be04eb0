"""Checks on toy models of which one knows what they do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.probes import checks
from {{ cookiecutter.package_name }}.probes.checking import (
    Behaviour,
    Examples,
    Trial,
    check_all,
)

Floats = NDArray[np.floating]
CENTRES = 10.0 * np.eye(3)


def examples(rows: int, seed: int) -> Examples:
    """Points around one corner of a triangle for each class."""
    targets = np.arange(rows) % 3
    points = CENTRES[targets] + np.random.default_rng(seed).normal(size=(rows, 3))
    return Examples([f"{seed}-{row}" for row in range(rows)], points, targets)


def by_corner(points: Floats) -> Floats:
    """Probabilities by the nearest corner: the right model."""
    near = np.exp(-np.square(points[:, None] - CENTRES).sum(axis=2) / 50)
    return near / near.sum(axis=1, keepdims=True)


def by_batch(points: Floats) -> Floats:
    """A model that subtracts the mean of its batch, as one in training mode would."""
    return by_corner(points - points.mean(axis=0) + CENTRES.mean(axis=0))


def by_place(points: Floats) -> Floats:
    """A model that goes by what came before in its batch."""
    return by_corner(np.cumsum(points, axis=0) / np.arange(1, len(points) + 1)[:, None])


def trial(predict: Callable[[Any], Floats] = by_corner) -> Trial:
    return Trial(predict, examples(30, 1), examples(90, 0), small_manifest(), None)


def of_values(predict: Callable[[Any], Floats]) -> Trial:
    """The same rows with values from 0 to 200 to predict."""
    own = trial(predict)
    train = replace(own.train, targets=100.0 * own.train.targets)
    return replace(own, train=train, manifest=replace(own.manifest, classes=[]))


def test_a_sound_model_holds_to_all() -> None:
    own = trial()
    for check in (checks.alone, checks.in_any_order):
        ids, held = check(own)
        assert (ids, held.all()) == (own.test.ids, True)
    ids, held = checks.recognised(own, own.train.inputs)
    assert (len(ids), held.all()) == (3 * checks.TYPICAL, True)
    assert set(ids) <= set(own.train.ids)


@pytest.mark.parametrize(
    ("check", "model"),
    [(checks.alone, by_batch), (checks.alone, by_place), (checks.in_any_order, by_place)],
)
def test_a_model_that_looks_at_other_rows_is_caught(
    check: Callable[[Trial], Any], model: Callable[[Any], Floats]
) -> None:
    assert checks.alone(trial(model))[1].mean() < 0.5
    assert check(trial(model))[1].mean() < 0.5


def test_what_rounding_changes_is_the_same_answer() -> None:
    before = np.array([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]])
    after = before + np.array([[5e-5, -5e-5, 0], [2e-4, -2e-4, 0]])
    assert checks.same_answer(before, after, trial()).tolist() == [True, False]
    values = np.array([100.0, 100.0])
    own = of_values(by_corner)
    assert own.scale == pytest.approx(81.6, abs=0.1)
    after = np.array([100.008, 100.009])
    assert checks.same_answer(values, after, own).tolist() == [True, False]


def test_a_decision_is_the_most_probable_class_or_about_the_value() -> None:
    before, after = np.array([[0.6, 0.4], [0.6, 0.4]]), np.array([[0.51, 0.49], [0.4, 0.6]])
    assert checks.same_decision(before, after, trial()).tolist() == [True, False]
    values, after = np.array([100.0, 100.0]), np.array([104.0, 95.8])
    near = checks.same_decision(values, after, of_values(by_corner))
    assert near.tolist() == [True, False]


def test_a_decision_is_kept_where_every_change_leaves_it() -> None:
    own = trial()
    moved = own.test.inputs.copy()
    moved[:10] = CENTRES[(own.test.targets[:10] + 1) % 3]
    other = own.test.inputs.copy()
    other[20:] = CENTRES[(own.test.targets[20:] + 1) % 3]
    ids, held = checks.keeps_decision(own, [own.test.inputs, moved, other])
    assert ids == own.test.ids
    assert held.tolist() == [False] * 10 + [True] * 10 + [False] * 10


@pytest.mark.parametrize(
    ("outputs", "sound"),
    [
        ([0.2, 0.8], True),
        ([0.2, 0.7], False),
        ([-0.1, 1.1], False),
        ([np.nan, 1.0], False),
        ([0.0, np.inf], False),
    ],
)
def test_a_valid_answer_is_a_distribution(outputs: list[float], sound: bool) -> None:
    assert checks.valid(np.array([outputs, [1.0, 0.0]]), ["a", "b"]).tolist() == [sound, True]


def test_a_valid_value_is_finite() -> None:
    values = np.array([1e30, -1.0, np.nan, np.inf])
    assert checks.valid(values, []).tolist() == [True, True, False, False]


def test_typical_rows_are_those_in_the_middle_of_their_class() -> None:
    own = trial()
    far = own.train.inputs.copy()
    far[:45] += 30  # half of them lie elsewhere
    ids, _ = checks.recognised(own, own.train.inputs)
    other, _ = checks.recognised(own, far)
    assert set(ids) != set(other)
    wrong = replace(own, predict=lambda points: by_corner(points)[:, ::-1])
    assert checks.recognised(wrong, own.train.inputs)[1].mean() == pytest.approx(1 / 3)


def test_rows_of_classes_without_training_rows_are_left_out() -> None:
    own = trial()
    few = np.flatnonzero(own.train.targets != 1)
    train = Examples(own.train.ids, own.train.inputs[few], own.train.targets[few])
    found = checks.of_known_classes(replace(own, train=train))
    assert set(found.targets) == {0, 2}
    assert [own.test.ids.index(name) for name in found.ids] == np.flatnonzero(
        own.test.targets != 1
    ).tolist()


def test_the_table_has_a_row_for_each_row_that_was_tried() -> None:
    def odd(trial: Trial) -> tuple[list[str], NDArray[np.bool_]]:
        return trial.test.ids, trial.test.targets == 1

    behaviours = [
        Behaviour("alone", "invariance", True, "", checks.alone),
        Behaviour("odd", "directional", False, "", odd),
    ]
    own = trial()
    table = check_all(behaviours, own)
    assert table.columns == ["check", "kind", "hard", "id", "held"]
    assert table["id"].to_list() == 2 * own.test.ids
    assert table["check"].to_list() == 30 * ["alone"] + 30 * ["odd"]
    assert table["hard"].to_list() == 30 * [True] + 30 * [False]
    assert table["held"].to_list() == 30 * [True] + (own.test.targets == 1).tolist()
