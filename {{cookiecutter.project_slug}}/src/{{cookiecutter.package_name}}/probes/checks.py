"""Checks that every kind of data has: what a valid answer is, and which changes must not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .checking import Examples, Held, Trial

EXACT = 1e-4  # of a probability, or of the targets' deviation: what rounding may change
CLOSE = 0.05  # likewise: what may pass for the same answer
TYPICAL = 5  # training rows of each class


def valid(outputs: NDArray[np.floating], classes: list[str]) -> NDArray[np.bool_]:
    """Return whether each answer is one (rows,): probabilities that sum to 1, or a finite value."""
    if not classes:
        return np.isfinite(outputs)
    sums = np.abs(outputs.sum(axis=1) - 1) <= 1e-3
    return np.isfinite(outputs).all(axis=1) & (outputs >= 0).all(axis=1) & sums


def same_decision(
    before: NDArray[np.floating], after: NDArray[np.floating], trial: Trial
) -> NDArray[np.bool_]:
    """Return whether each decision is the same (rows,), or each value about the same."""
    if trial.manifest.classes:
        return before.argmax(axis=1) == after.argmax(axis=1)
    return np.abs(after - before) <= CLOSE * trial.scale


def same_answer(
    before: NDArray[np.floating], after: NDArray[np.floating], trial: Trial
) -> NDArray[np.bool_]:
    """Return whether each answer is the same but for rounding (rows,)."""
    apart = np.abs(after - before).reshape(len(before), -1)
    return apart.max(axis=1, initial=0) <= EXACT * trial.scale


def alone(trial: Trial) -> Held:
    """A row on its own is answered as it is among others."""
    inputs = trial.test.inputs
    single = np.concatenate([trial.predict(inputs[row : row + 1]) for row in range(len(inputs))])
    return trial.test.ids, same_answer(trial.predict(inputs), single, trial)


def in_any_order(trial: Trial) -> Held:
    """Rows in another order are answered as before."""
    inputs = trial.test.inputs
    order = np.random.default_rng(0).permutation(len(inputs))
    back = np.argsort(order)
    again = trial.predict(inputs[order])[back]
    return trial.test.ids, same_answer(trial.predict(inputs), again, trial)


def keeps_decision(trial: Trial, changed: list[NDArray[Any]]) -> Held:
    """Rows that are ``changed``, each in every one of the ways, keep their decisions."""
    before = trial.predict(trial.test.inputs)
    held = [same_decision(before, trial.predict(inputs), trial) for inputs in changed]
    return trial.test.ids, np.logical_and.reduce(held)


def recognised(trial: Trial, points: NDArray[np.floating]) -> Held:
    """The training rows nearest to the mean of their class are recognised.

    Args:
        trial: of a classification.
        points: the training rows as ``points`` (rows, dimensions) between which distance counts.
    """
    train = trial.train
    chosen: list[int] = []
    for number in np.unique(train.targets):
        own = np.flatnonzero(train.targets == number)
        distance = np.square(points[own] - points[own].mean(axis=0)).sum(axis=1)
        chosen += own[np.argsort(distance, kind="stable")[:TYPICAL]].tolist()
    right = trial.predict(train.inputs[chosen]).argmax(axis=1) == train.targets[chosen]
    return [train.ids[place] for place in chosen], right


def of_known_classes(trial: Trial) -> Examples:
    """Return the test rows whose class some training row has."""
    test = trial.test
    places = np.flatnonzero(np.isin(test.targets, trial.train.targets))
    ids = [test.ids[place] for place in places]
    return Examples(ids, test.inputs[places], test.targets[places])


def class_probabilities(
    outputs: NDArray[np.floating], numbers: NDArray[np.int64]
) -> NDArray[np.floating]:
    """Return the probability of one class of each row (rows,), by its number."""
    return outputs[np.arange(len(outputs)), numbers]
