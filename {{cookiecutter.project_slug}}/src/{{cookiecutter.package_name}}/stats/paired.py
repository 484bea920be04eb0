"""Comparisons of two models on the same examples.

Pairing gives them their power: two intervals that overlap say nothing about the difference.
`gained` counts the examples that only the first model has right, `lost` those that only the
second has right.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from . import require
from .bootstrap import bootstrap_means
from .intervals import Interval
from .resampling import CHUNK_CELLS, OfMeans


def bonett_price(gained: int, lost: int, rows: int, level: float = 0.95) -> Interval:
    """Adjusted Wald interval of the difference of two accuracies on the same `rows` examples.

    `value` is the plain difference; the interval is centred on the difference with one example
    added on either side, which keeps its coverage with few disagreements and its width above
    zero with none (Bonett & Price 2012).
    """
    from scipy.stats import norm  # here: importing this module should cost nothing

    rows = require.count("rows", rows, least=1)
    gained, lost = require.count("gained", gained), require.count("lost", lost)
    require.at_most("gained + lost", gained + lost, rows)
    share_gained, share_lost = (gained + 1) / (rows + 2), (lost + 1) / (rows + 2)
    centre = share_gained - share_lost
    standard_error = math.sqrt((share_gained + share_lost - centre**2) / (rows + 2))
    half = float(norm.ppf((1 + require.level(level)) / 2)) * standard_error
    value = (gained - lost) / rows
    return Interval(value, max(-1.0, centre - half), min(1.0, centre + half), "Bonett-Price", rows)


def mcnemar_mid_p(gained: int, lost: int) -> float:
    """Two-sided p value for "both models are right equally often" (McNemar 1947).

    Only the disagreements count: given their number, `gained` is binomial with probability 1/2.
    The exact test spends less than its 5 %; counting half of the outcomes as extreme as the
    observed one brings it near (mid-p, Fagerland, Lydersen & Laake 2013).
    """
    from scipy.stats import binom

    gained, lost = require.count("gained", gained), require.count("lost", lost)
    fewer, disagreements = min(gained, lost), gained + lost
    if disagreements == 0:
        return 1.0
    as_extreme = float(binom.pmf(fewer, disagreements, 0.5))
    if gained == lost:  # one outcome is as extreme as this one, not one on either side
        return 1 - as_extreme / 2
    return 2 * float(binom.cdf(fewer, disagreements, 0.5)) - as_extreme


def sign_flip_p(differences: ArrayLike, *, resamples: int = 2000, seed: int = 0) -> float:
    """Two-sided p value for "the mean difference is 0", by flipping signs at random, shape (n,).

    Under that hypothesis each example could as well have favoured the other model by as much
    (Fisher 1935). The observed signs count as one of the draws, so the value is never 0.
    """
    array = require.finite("differences", differences)
    total = require.count("resamples", resamples, least=1)
    random = np.random.default_rng(seed)
    most, limit, as_extreme = max(1, CHUNK_CELLS // array.size), abs(array.sum()) * (1 - 1e-12), 0
    for done in range(0, total, most):
        signs = random.integers(0, 2, size=(min(most, total - done), array.size)) * 2.0 - 1
        as_extreme += int((np.abs(signs @ array) >= limit).sum())
    return (as_extreme + 1) / (total + 1)


def paired_bootstrap(
    first: ArrayLike,
    second: ArrayLike,
    statistic: OfMeans,
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of the difference of a statistic of two models, first minus second.

    `first` and `second` have shape (n, c) and belong to the same rows, which are drawn together;
    `statistic` and `groups` are those of `bootstrap_means`.
    """
    left, right = require.table("first", first), require.table("second", second)
    if left.shape != right.shape:
        raise ValueError(f"second has shape {right.shape}: expected {left.shape}, as first has")
    width = left.shape[1]
    (interval,) = bootstrap_means(
        np.concatenate([left, right], axis=1),
        [lambda means: statistic(means[..., :width]) - statistic(means[..., width:])],
        groups=groups,
        resamples=resamples,
        level=level,
        seed=seed,
    )
    return replace(interval, method=f"paired {interval.method}")


def worse_than_p(differences: ArrayLike, margin: float) -> float:
    """One-sided p value for "on average not worse by more than `margin`", shape (n,), by t.

    A small value says that the mean difference lies below -margin for sure.
    """
    from scipy.stats import ttest_1samp

    array = require.finite("differences", differences)
    # Equal up to rounding: there is no spread that a t could be made of.
    if array.size < 2 or np.ptp(array) <= 1e-9 * np.abs(array).max():
        return 0.0 if array.size > 1 and array.mean() < -margin else 1.0
    return float(ttest_1samp(array, -margin, alternative="less").pvalue)
