"""How well scores put the rows of one class before the others, whatever threshold is chosen."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Ranked:
    """Rows that are ranked among each other, the highest score first."""

    rows: Counts
    of_class: Counts
    first: Counts  # place of each distinct score

    @classmethod
    def by(cls, scores: Numbers, positive: NDArray[np.bool_], rows: Counts) -> _Ranked:
        """Rank these rows."""
        rows = rows[np.argsort(-scores[rows])]
        _, first = np.unique(-scores[rows], return_index=True)
        return cls(rows, positive[rows].astype(np.int64), first)

    def sums(self, counts: Counts) -> Numbers:
        """Both measures times their weights, and those, of rows drawn so often (draws, n)."""
        counts = counts[:, self.rows]
        hits = counts * self.of_class
        if len(self.first) < len(self.rows):
            counts, hits = (np.add.reduceat(one, self.first, axis=-1) for one in (counts, hits))
        misses = counts - hits
        found = hits.sum(axis=-1)
        pairs = found * misses.sum(axis=-1)
        area, precision = auroc(hits, misses), average_precision(hits, misses)
        return np.stack([area * pairs, precision * found, pairs, found], axis=-1)


def bootstrap_ranking(
    scores: ArrayLike,
    positive: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[Interval, Interval]:
    """Percentile intervals (Efron 1979) of the area under the ROC curve and of average precision.

    Rows of different folds have scores of different models. Ranked among each other even a
    constant model would look worse than chance (Airola et al. 2011: a fold with more of the class
    was trained with fewer), so rows are ranked within their fold, and folds weigh by their pairs
    and by their rows of the class. A draw without rows of both classes counts as 0.

    Args:
        scores: of each row (n,), more for the class.
        positive: whether a row is of the class (n,); some are and some are not.
        groups: the person or document of each row (n,); then whole groups are drawn.
        folds: of each row (n,).
        resamples: how many draws.
        level: of the intervals.
        seed: of the draws.

    Raises:
        ValueError: when all rows are of one class, which nothing can be told from.
    """
    values, right = require.finite("scores", scores), np.asarray(positive, np.bool_)
    if right.all() or not right.any():
        raise ValueError("positive is the same for every row: expected rows of both classes")
    number = values.size
    place = np.zeros(number, np.int64) if folds is None else np.asarray(folds)
    parts = [_Ranked.by(values, right, np.flatnonzero(place == one)) for one in np.unique(place)]
    units, unit = np.unique(np.arange(number) if groups is None else groups, return_inverse=True)
    random = np.random.Generator(np.random.SFC64(seed))

    def statistics(counts: Counts) -> Numbers:
        sums = np.sum([part.sums(counts) for part in parts], axis=0)
        return sums[..., :2] / np.maximum(sums[..., 2:], 1)

    def draw(times: int) -> Numbers:
        return statistics(_drawn(random, len(units), times)[:, unit])

    ends = percentiles(all_draws(draw, min(number, CHUNK_CELLS), resamples), level)
    found = statistics(np.ones((1, number), np.int64))[0]
    over = "" if groups is None else f" over {len(units)} groups"
    within = "" if folds is None else f", ranked within {len(parts)} folds"
    method = f"percentile bootstrap{over}{within}"
    area, precision = (
        Interval(float(value), low, high, method, number)
        for value, (low, high) in zip(found, ends, strict=True)
    )
    return area, precision


def _drawn(random: np.random.Generator, units: int, times: int) -> Counts:
    """How often each unit is in a draw of as many (times, units)."""
    drawn = random.integers(units, size=(times, units))
    drawn += np.arange(times)[:, None] * units
    return np.bincount(drawn.ravel(), minlength=times * units).reshape(times, -1)
