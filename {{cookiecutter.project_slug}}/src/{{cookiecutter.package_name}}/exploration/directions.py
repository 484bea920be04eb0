"""The two directions in which the training rows vary most: principal components, by SVD.

Of rows X, centred, the singular value decomposition is X = U S V^T. The rows of V^T are directions
at right angles to each other, the one of most variance first; U S is where the rows lie along them,
and s_k^2 over the sum of all s^2 is the share of the variance in direction k (Bishop 2006, section
12.1). No answer is used, only the colour of a point shows one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .data import ExplorationData
from .levels import Levels, target_levels

MOST_POINTS = 2000  # rows: as many as a picture shows, and a decomposition takes a second for
MOST_AXES = 1024  # columns
MOST_MARKED = 10  # classes; the others are one group
FEWEST = 3  # rows: two always lie on a line
LARGE = 0.9  # of the largest part of a direction: the first part this large is made positive


@dataclass(frozen=True)
class Directions:
    """Where training rows lie in the two directions of most variance.

    Attributes:
        places: of each row in both directions (rows, 2).
        shares: of the whole variance in each (2,).
        groups: of the rows: classes, or thirds of a target that is a number.
        columns: how many were decomposed.
        unit: what a column is.
    """

    places: NDArray[np.float64]
    shares: NDArray[np.float64]
    groups: Levels
    columns: int
    unit: str


def find_directions(data: ExplorationData, order: list[str]) -> Directions | None:
    """Decompose what a network sees of the training rows; None with too little to see.

    Columns of numbers are standardised, and a missing value is the mean. Of many columns the first
    ones in ``order`` are taken, of many rows a sample with a fixed seed.
    """
    train = data.train
    places = np.arange(len(train.frame))
    if data.inputs is not None:
        places = np.flatnonzero(train.frame.index.isin(data.inputs.index))
    if len(places) > MOST_POINTS:
        places = np.sort(np.random.default_rng(0).choice(places, MOST_POINTS, replace=False))
    seen = train.take(places)
    if data.inputs is not None:
        unit = str(data.inputs.columns.name)
        values = data.inputs.loc[seen.frame.index].to_numpy(np.float64)[:, :MOST_AXES]
    else:
        unit, numbers = "columns of numbers", set(data.numbers)
        names = [name for name in order if name in numbers][:MOST_AXES]
        values = standardised(seen.matrix(names).T)
    if min(len(values) - FEWEST, values.shape[1] - 2) < 0 or not np.ptp(values, axis=0).any():
        return None
    found, shares = principal(values, 2)
    return Directions(found, shares, target_levels(seen, 3, MOST_MARKED), values.shape[1], unit)


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns of ``values`` (rows, columns) that vary, with mean 0 and variance 1, 0 for NaN."""
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0).sum(axis=0) / count
    centred = np.where(known, values - mean, 0)
    spread = np.sqrt((centred**2).sum(axis=0) / count)
    varies = spread > 1e-9 * np.abs(mean)
    return centred[:, varies] / spread[varies]


def principal(
    values: NDArray[np.float64], most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of rows (rows, ``most``) along the directions of most variance, and its shares.

    Args:
        values: (rows, columns), not all rows alike.
        most: directions.
    """
    from threadpoolctl import threadpool_limits

    centred = values - values.mean(axis=0)
    with threadpool_limits(1):  # two threads on busy cores wait for each other, for minutes
        rows, strengths, directions = np.linalg.svd(centred, full_matrices=False)
    size = np.abs(directions)  # either sign is right; which one shall not hang on the last digit
    first = (size >= LARGE * size.max(axis=1, keepdims=True)).argmax(axis=1)
    signs = np.sign(directions[np.arange(len(directions)), first])
    variances = strengths**2
    return (rows * strengths * signs)[:, :most], (variances / variances.sum())[:most]
