"""Changes of rows that say how a model of a table behaves: what behaviours.py lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..schema import Manifest, Table
from ..table.encoding import matrix_of
from . import checks
from .checking import Held, Trial

NOISE = 0.01  # standard deviations
TENTH = 0.1  # of the training rows: those with the largest targets, and with the smallest
HALF = 0.5  # of the way to a mean
FURTHEST = 5.0  # standard deviations that count in a distance
LOWERED = 0.05  # of a probability, or of the targets' deviation: what a direction may lose


def all_missing(trial: Trial) -> Held:
    """A row without any value gets a valid answer."""
    row = np.zeros((1, trial.test.inputs.shape[1]), np.float32)
    row[:, : trial.manifest.numbers] = np.nan
    return ["all values missing"], checks.valid(trial.predict(row), trial.manifest.classes)


def typical(trial: Trial) -> Held:
    """The training rows nearest to the mean of their class are recognised."""
    inputs, numbers = trial.train.inputs, trial.manifest.numbers
    categories = (codes[:, None] == np.unique(codes) for codes in inputs[:, numbers:].T)
    points = np.concatenate([_standardised(trial, inputs), *categories], axis=1)
    return checks.recognised(trial, points.astype(np.float32))


def extremes(trial: Trial) -> Held:
    """Rows with the largest targets lie above the mean of all predictions, the others below."""
    train = trial.train
    order = np.argsort(train.targets, kind="stable")
    count = max(1, int(TENTH * len(order)))
    chosen = np.concatenate([order[:count], order[-count:]])
    predicted, mean = trial.predict(train.inputs[chosen]), train.targets.mean()
    high = np.arange(len(chosen)) >= count
    held = np.where(high, predicted > mean, predicted < mean)
    return [train.ids[place] for place in chosen], held


def unseen_as_missing(trial: Trial) -> Held:
    """Rows whose categories are all new are answered as rows that have none.

    They go through the encoding that a service uses, as text.
    """
    inputs, manifest = trial.test.inputs, trial.manifest
    unseen, missing = (
        _encoded(inputs, manifest, text) for text in ("a category that nobody has seen", None)
    )
    return trial.test.ids, checks.same_answer(trial.predict(missing), trial.predict(unseen), trial)


def tiny_noise(trial: Trial) -> Held:
    """A row with noise far below what numbers vary by keeps its decision."""
    inputs, std = trial.test.inputs.copy(), _std(trial)
    drawn = np.random.default_rng(0).normal(scale=NOISE, size=(len(inputs), len(std)))
    inputs[:, : len(std)] += (drawn * std).astype(np.float32)
    return checks.keeps_decision(trial, [inputs])


def towards_class(trial: Trial) -> Held:
    """Halfway to the mean of its class, a row is not less likely to be of that class."""
    rows, train = checks.of_known_classes(trial), trial.train
    numbers, inputs = trial.manifest.numbers, rows.inputs.copy()
    for number in np.unique(rows.targets):
        mean = _mean(train.inputs[train.targets == number, :numbers])
        own = rows.targets == number
        inputs[own, :numbers] = _halfway(inputs[own, :numbers], mean)
    before, after = (
        checks.class_probabilities(trial.predict(given), rows.targets)
        for given in (rows.inputs, inputs)
    )
    return rows.ids, after >= before - LOWERED


def towards_high(trial: Trial) -> Held:
    """Halfway to the rows with the largest targets, a row below them is predicted higher."""
    train, test, numbers = trial.train, trial.test, trial.manifest.numbers
    highest = np.argsort(train.targets, kind="stable")[-max(1, int(TENTH * len(train.targets))) :]
    before = trial.predict(test.inputs)
    below = np.flatnonzero(before < train.targets[highest].mean())
    inputs = test.inputs[below].copy()
    inputs[:, :numbers] = _halfway(inputs[:, :numbers], _mean(train.inputs[highest, :numbers]))
    return [test.ids[place] for place in below], trial.predict(inputs) > before[below]


@dataclass(frozen=True)
class Growing:
    """One number grows by a standard deviation, and what is predicted may not fall.

    Args:
        place: of the number among the features.
        raises: the class whose probability may not fall; None: the predicted value.
    """

    place: int
    raises: str | None

    def __call__(self, trial: Trial) -> Held:
        """Return whether it holds for each row that has the number."""
        test = trial.test
        known = np.flatnonzero(~np.isnan(test.inputs[:, self.place]))
        inputs = test.inputs[known].copy()
        inputs[:, self.place] += np.float32(_std(trial)[self.place])
        before, after = trial.predict(test.inputs[known]), trial.predict(inputs)
        if self.raises is not None:
            number = trial.manifest.classes.index(self.raises)
            before, after = before[:, number], after[:, number]
        return [test.ids[place] for place in known], after >= before - LOWERED * trial.scale


def _encoded(inputs: Table, manifest: Manifest, text: str | None) -> Table:
    """Return rows as prediction encodes them, with ``text`` in place of every category."""
    columns: dict[str, pl.Series] = {}
    for place, feature in enumerate(manifest.features):
        if feature.categories is None:
            columns[feature.name] = pl.Series(inputs[:, place]).fill_nan(None)
        else:
            columns[feature.name] = pl.Series([text] * len(inputs), dtype=pl.String)
    return matrix_of(pl.DataFrame(columns), manifest.features)


def _std(trial: Trial) -> NDArray[np.float64]:
    return np.array(trial.manifest.statistics_of(trial.fold).std)


def _standardised(trial: Trial, inputs: Table) -> NDArray[np.float32]:
    std = _std(trial)
    mean = np.array(trial.manifest.statistics_of(trial.fold).mean)
    scaled = (inputs[:, : len(std)] - mean) / np.where(std > 0, std, 1)
    return np.nan_to_num(scaled).clip(-FURTHEST, FURTHEST).astype(np.float32)


def _mean(numbers: Table) -> NDArray[np.float64]:
    """Return the mean of each column's known values; NaN where there is none."""
    known = ~np.isnan(numbers)
    count = known.sum(axis=0)
    sums = np.where(known, numbers, 0).sum(axis=0, dtype=np.float64)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def _halfway(numbers: Table, mean: NDArray[np.float64]) -> Table:
    """Return rows halfway to ``mean``, which also stands for what is missing."""
    filled = np.where(np.isnan(numbers), mean, numbers)
    return ((1 - HALF) * filled + HALF * mean).astype(np.float32)
