"""Bootstrap intervals (Efron 1979): what would other rows, drawn from these, have given?

A percentile interval holds the middle `level` of the draws. On few rows, or for skewed statistics,
it is too narrow on one side; `bca_means` corrects that.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .intervals import Interval
from .resampling import Numbers, OfMeans, all_draws, group_sums, mean_draws, percentiles

BCA_ROWS = 100  # below this the correction itself is too uncertain

Counts = NDArray[np.int64]
OfCounts = Callable[[Counts], Numbers]  # (..., K, K) to (...,)


def bootstrap_confusion(
    confusion: ArrayLike,
    statistics: Sequence[OfCounts],
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> list[Interval]:
    """Percentile interval of each of several statistics of the confusion matrix, shape (K, K).

    Resampling n examples and counting them again is one multinomial draw of the cells, so the
    cost does not grow with n. A matrix without errors gives an interval without width, which is no
    certainty: the error rate may still be 3 / n.
    """
    counts = require.confusion(confusion)
    rows, occupied = int(counts.sum()), np.flatnonzero(counts)
    shares = counts.ravel()[occupied] / rows
    random = np.random.default_rng(seed)

    def draw(times: int) -> Numbers:
        drawn = np.zeros((times, counts.size), dtype=np.int64)
        drawn[:, occupied] = random.multinomial(rows, shares, size=times)
        matrices = drawn.reshape(times, *counts.shape)
        return np.stack([statistic(matrices) for statistic in statistics], axis=-1)

    ends = percentiles(all_draws(draw, counts.size, resamples), level)
    values = [float(statistic(counts)) for statistic in statistics]
    return [
        Interval(value, low, high, "percentile bootstrap", rows)
        for value, (low, high) in zip(values, ends, strict=True)
    ]


def bootstrap_means(
    columns: ArrayLike,
    statistics: Sequence[OfMeans],
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> list[Interval]:
    """Percentile interval of each of several functions of the means over rows.

    Args:
        columns: (n, c), what the means are taken of.
        statistics: each maps means (..., c) to (...,): the root of a mean square, or the share of
            the variance that a model explains. All see the same draws.
        groups: (n,), the person or document of each row. Then whole groups are drawn: rows of one
            group resemble each other, and tell less than as many independent ones.
        resamples: how many draws.
        level: of the intervals.
        seed: of the draws.
    """
    matrix = require.table("columns", columns)
    rows, method, drawn = len(matrix), "percentile bootstrap", matrix
    if groups is not None:
        sums, sizes = group_sums(matrix, groups)
        drawn = np.column_stack([sums, sizes])
        method = f"percentile bootstrap over {len(sizes)} groups"
    draws = mean_draws(drawn, statistics, resamples, seed, sizes=groups is not None)
    means = matrix.mean(axis=0)
    return [
        Interval(float(statistic(means)), low, high, method, rows)
        for statistic, (low, high) in zip(statistics, percentiles(draws, level), strict=True)
    ]


def bootstrap_mean(
    values: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of the mean of `values`, shape (n,); see `bootstrap_means`."""
    column = require.finite("values", values)[:, None]
    (interval,) = bootstrap_means(
        column, [first_mean], groups=groups, resamples=resamples, level=level, seed=seed
    )
    return interval


def bca_means(
    columns: ArrayLike,
    statistic: OfMeans,
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Bias-corrected and accelerated interval (Efron 1987) of a smooth function of the means.

    The ends are other quantiles of the draws than those of the percentile interval: moved by how
    many draws lie below the value, and by how fast the statistic's spread changes with it, which
    leaving out each row in turn tells. `columns` has shape (n, c), n at least 100.
    """
    from scipy.stats import norm

    matrix = require.table("columns", columns)
    rows = require.count("rows of columns", len(matrix), least=BCA_ROWS)
    draws = mean_draws(matrix, [statistic], resamples, seed)[:, 0]
    value = float(statistic(matrix.mean(axis=0)))
    below = ((draws < value).mean() + (draws <= value).mean()) / 2
    bias = float(norm.ppf(np.clip(below, 1 / len(draws), 1 - 1 / len(draws))))
    without = statistic((matrix.sum(axis=0) - matrix) / (rows - 1))
    off = without.mean() - without
    spread = float((off**2).sum() ** 1.5)
    acceleration = float((off**3).sum()) / (6 * spread) if spread else 0.0
    tail = (1 - require.level(level)) / 2
    moved = bias + norm.ppf([tail, 1 - tail])
    low, high = np.quantile(draws, norm.cdf(bias + moved / (1 - acceleration * moved)))
    return Interval(value, float(low), float(high), "BCa bootstrap", rows)


def first_mean(means: Numbers) -> Numbers:
    """The mean of the first column itself."""
    return means[..., 0]


def second_mean(means: Numbers) -> Numbers:
    """The mean of the second column itself."""
    return means[..., 1]
