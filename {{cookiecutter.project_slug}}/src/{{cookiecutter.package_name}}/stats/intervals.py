"""Intervals for one model on one test set.

Examples are taken as independent: with several rows per person or document these intervals are
too narrow, and the groups have to be resampled instead of the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require

CHUNK_CELLS = 1 << 20  # numbers drawn at once: 8 MiB stay in the caches, whatever the data's size
FEWEST_RESAMPLES = 100


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; `rows` counts the independent units behind it."""

    value: float
    low: float
    high: float
    method: str
    rows: int

    def as_dict(self) -> dict[str, Any]:
        """Plain Python values, ready for JSON."""
        numbers = {"value": float(self.value), "low": float(self.low), "high": float(self.high)}
        return {**numbers, "method": self.method, "rows": self.rows}


def wilson(successes: int, rows: int, level: float = 0.95) -> Interval:
    """Score interval of a proportion (Wilson 1927).

    It keeps its coverage near 0 and 1, where the usual value +- 2 standard errors does not
    (Brown, Cai & DasGupta 2001).
    """
    from scipy.stats import binomtest  # here: this import takes longer than all the rest

    rows = require.count("rows", rows, least=1)
    successes = require.at_most("successes", require.count("successes", successes), rows)
    bounds = binomtest(successes, rows).proportion_ci(require.level(level), method="wilson")
    return Interval(successes / rows, float(bounds.low), float(bounds.high), "Wilson", rows)


def macro_f1(confusion: ArrayLike) -> NDArray[np.float64]:
    """Unweighted mean of the classes' F1; (..., K, K), rows true and columns predicted, to (...,).

    A class that is neither present nor predicted has no F1 and is left out, as in scikit-learn.
    """
    counts = np.asarray(confusion)
    if counts.ndim < 2 or counts.shape[-1] != counts.shape[-2]:
        raise ValueError(f"confusion has shape {counts.shape}: expected (..., K, K)")
    true_and_predicted = counts.sum(axis=-1) + counts.sum(axis=-2)
    seen = true_and_predicted > 0
    if not seen.any(axis=-1).all():
        raise ValueError("confusion is all zero: expected at least one example")
    f1 = 2 * np.diagonal(counts, axis1=-2, axis2=-1) / np.where(seen, true_and_predicted, 1)
    return f1.sum(axis=-1) / seen.sum(axis=-1)


def bootstrap_confusion(
    confusion: ArrayLike,
    statistic: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap (Efron 1979) of a statistic of the confusion matrix, shape (K, K).

    Resampling n examples and counting them again is one multinomial draw of the cells, so the
    cost does not grow with n. `statistic` maps (..., K, K) to (...,). A matrix without errors gives
    an interval without width, which is no certainty: the error rate may still be 3 / n.
    """
    counts = require.confusion(confusion)
    rows, occupied = int(counts.sum()), np.flatnonzero(counts)
    shares = counts.ravel()[occupied] / rows
    random = np.random.default_rng(seed)

    def draw(times: int) -> NDArray[np.float64]:
        drawn = np.zeros((times, counts.size), dtype=np.int64)
        drawn[:, occupied] = random.multinomial(rows, shares, size=times)
        return statistic(drawn.reshape(times, *counts.shape))

    low, high = _percentiles(draw, counts.size, resamples, level)
    return Interval(float(statistic(counts)), low, high, "percentile bootstrap", rows)


def bootstrap_mean(
    values: ArrayLike, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Percentile bootstrap (Efron 1979) of the mean over examples of `values`, shape (n,)."""
    column = require.finite("values", values)[:, None]
    return bootstrap_means(column, lambda m: m[..., 0], resamples=resamples, level=level, seed=seed)


def bootstrap_means(
    columns: ArrayLike,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap (Efron 1979) of a function of the means over examples.

    `columns` has shape (n, c), and `statistic` maps the means (..., c) to (...,): the root of a
    mean square, or the share of the variance that a model explains.
    """
    matrix = require.table("columns", columns)
    rows = len(matrix)
    random = np.random.default_rng(seed)

    def draw(times: int) -> NDArray[np.float64]:
        drawn = random.integers(rows, size=(times, rows))
        return statistic(np.stack([column[drawn].mean(axis=1) for column in matrix.T], axis=-1))

    low, high = _percentiles(draw, rows, resamples, level)
    value = float(statistic(matrix.mean(axis=0)))
    return Interval(value, low, high, "percentile bootstrap", rows)


def crossed_bootstrap(
    values: ArrayLike, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Percentile bootstrap of the mean of `values`, shape (runs, n), over runs and examples.

    Runs (seeds) and examples are drawn anew together, since both would be others another time: an
    interval over one of them alone is too narrow (Bouthillier et al. 2021).
    """
    matrix = require.table("values", values)
    runs, rows = matrix.shape
    random = np.random.default_rng(seed)

    def draw(times: int) -> NDArray[np.float64]:
        weights = random.multinomial(runs, np.full(runs, 1 / runs), size=times) / runs
        drawn = random.integers(rows, size=(times, rows))
        return np.take_along_axis(weights @ matrix, drawn, axis=1).mean(axis=1)

    low, high = _percentiles(draw, rows, resamples, level)
    return Interval(float(matrix.mean()), low, high, "crossed bootstrap", rows)


def _percentiles(
    draw: Callable[[int], NDArray[np.float64]], size: int, resamples: int, level: float
) -> tuple[float, float]:
    """The ends of the middle `level` of `resamples` draws of `size` numbers each."""
    tail = (1 - require.level(level)) / 2
    total = require.count("resamples", resamples, least=FEWEST_RESAMPLES)
    most = max(1, CHUNK_CELLS // size)
    drawn = np.concatenate([draw(min(most, total - done)) for done in range(0, total, most)])
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)
