"""How well scores put the rows of one class before the others, whatever threshold is chosen."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .intervals import Interval
from .resampling import CHUNK_CELLS, all_draws, percentiles

Numbers = NDArray[np.float64]


def auroc(hits: Numbers, misses: Numbers) -> Numbers:
    """Area under the curve of true over false positives: the chance that a pair is in order.

    `hits` and `misses` (..., t) are how many rows of the class, and how many others, have each of
    t distinct scores, the highest first; a tie counts half. To (...,).
    """
    behind = misses.sum(axis=-1, keepdims=True) - np.cumsum(misses, axis=-1)
    ordered = (hits * (behind + misses / 2)).sum(axis=-1)
    return ordered / np.maximum(hits.sum(axis=-1) * misses.sum(axis=-1), 1)


def average_precision(hits: Numbers, misses: Numbers) -> Numbers:
    """Mean precision at each row of the class, as in scikit-learn; arguments as in `auroc`."""
    found = np.cumsum(hits, axis=-1)
    precision = found / np.maximum(found + np.cumsum(misses, axis=-1), 1)
    return (hits * precision).sum(axis=-1) / np.maximum(hits.sum(axis=-1), 1)


def bootstrap_ranking(
    scores: ArrayLike,
    positive: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[Interval, Interval]:
    """Percentile intervals (Efron 1979) of the area under the ROC curve and of average precision.

    A draw that holds no row of one class counts as 0, so that a class of a few rows gets a wide
    interval.

    Args:
        scores: of each row (n,), more for the class.
        positive: whether a row is of the class (n,); some are and some are not.
        groups: the person or document of each row (n,); then whole groups are drawn.
        resamples: how many draws.
        level: of the intervals.
        seed: of the draws.

    Raises:
        ValueError: when all rows are of one class, which nothing can be told from.
    """
    values, right = require.finite("scores", scores), np.asarray(positive, np.bool_)
    if right.all() or not right.any():
        raise ValueError("positive is the same for every row: expected rows of both classes")
    rows = values.size
    _, place = np.unique(-values, return_inverse=True)
    names = np.arange(rows) if groups is None else np.asarray(groups)
    units, unit = np.unique(names, return_inverse=True)
    random = np.random.Generator(np.random.SFC64(seed))
    size = int(place.max()) + 1

    def statistics(counts: NDArray[np.int64]) -> Numbers:
        """Both, of how often each row was drawn (draws, n)."""
        start = np.arange(len(counts))[:, None] * size + place
        hits, misses = (
            _weights(start[:, of], counts[:, of], len(counts) * size) for of in (right, ~right)
        )
        both = (hits.reshape(-1, size), misses.reshape(-1, size))
        return np.stack([auroc(*both), average_precision(*both)], axis=-1)

    def draw(times: int) -> Numbers:
        drawn = random.integers(len(units), size=(times, len(units)))
        drawn += np.arange(times)[:, None] * len(units)
        counts = np.bincount(drawn.ravel(), minlength=times * len(units)).reshape(times, -1)
        return statistics(counts[:, unit])

    ends = percentiles(all_draws(draw, max(1, min(rows, CHUNK_CELLS)), resamples), level)
    found = statistics(np.ones((1, rows), np.int64))[0]
    over = "" if groups is None else f" over {len(units)} groups"
    both = [
        Interval(float(value), low, high, f"percentile bootstrap{over}", rows)
        for value, (low, high) in zip(found, ends, strict=True)
    ]
    return both[0], both[1]


def _weights(places: NDArray[np.int64], counts: NDArray[np.int64], size: int) -> Numbers:
    return np.bincount(places.ravel(), counts.ravel(), size).astype(np.float64)
