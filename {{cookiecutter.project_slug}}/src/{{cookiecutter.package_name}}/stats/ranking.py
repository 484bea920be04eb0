"""How well scores put the rows of one class before the others, whatever threshold is chosen."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .intervals import Interval
from .resampling import CHUNK_CELLS, all_draws, percentiles

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


def auroc(hits: Counts, misses: Counts) -> Numbers:
    """Area under the curve of true over false positives: the chance that a pair is in order.

    `hits` and `misses` (..., t) are how many rows of the class, and how many others, have each of
    t distinct scores, the highest first; a tie counts half. To (...,).
    """
    pairs = hits.sum(axis=-1) * misses.sum(axis=-1)
    before = np.cumsum(hits, axis=-1) - hits  # rows of the class with higher scores
    return (misses * (2 * before + hits)).sum(axis=-1) / np.maximum(2 * pairs, 1)


def average_precision(hits: Counts, misses: Counts) -> Numbers:
    """Mean precision at each row of the class, as in scikit-learn; arguments as in `auroc`."""
    found = np.cumsum(hits, axis=-1)
    precision = found / np.maximum(np.cumsum(hits + misses, axis=-1), 1)
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
    order = np.argsort(-values)
    of_class = right[order].astype(np.int64)
    _, first = np.unique(-values[order], return_index=True)  # row of each distinct score
    names = np.arange(rows) if groups is None else np.asarray(groups)
    units, unit = np.unique(names[order], return_inverse=True)
    random = np.random.Generator(np.random.SFC64(seed))

    def statistics(counts: Counts) -> Numbers:
        """Both, of how often each row was drawn (draws, n), the highest score first."""
        hits = counts * of_class
        if len(first) < rows:
            counts, hits = (np.add.reduceat(one, first, axis=-1) for one in (counts, hits))
        misses = counts - hits
        return np.stack([auroc(hits, misses), average_precision(hits, misses)], axis=-1)

    def draw(times: int) -> Numbers:
        counts = _drawn(random, len(units), times)
        return statistics(counts if groups is None else counts[:, unit])

    ends = percentiles(all_draws(draw, max(1, min(rows, CHUNK_CELLS)), resamples), level)
    found = statistics(np.ones((1, rows), np.int64))[0]
    over = "" if groups is None else f" over {len(units)} groups"
    both = [
        Interval(float(value), low, high, f"percentile bootstrap{over}", rows)
        for value, (low, high) in zip(found, ends, strict=True)
    ]
    return both[0], both[1]


def _drawn(random: np.random.Generator, units: int, times: int) -> Counts:
    """How often each unit is in a draw of as many (times, units)."""
    drawn = random.integers(units, size=(times, units))
    drawn += np.arange(times)[:, None] * units
    return np.bincount(drawn.ravel(), minlength=times * units).reshape(times, -1)
