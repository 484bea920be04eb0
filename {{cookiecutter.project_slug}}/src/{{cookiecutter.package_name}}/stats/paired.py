"""Comparisons of two models on the same examples, or over the same seeds.

Pairing gives them their power: two intervals that overlap say nothing about the difference.
`gained` counts the examples that only the first model has right, `lost` those that only the
second has right.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from . import require
from .intervals import CHUNK_CELLS, Interval


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


def paired_t(differences: ArrayLike, level: float = 0.95) -> Interval:
    """Student's t interval (1908) of the mean difference over paired runs, shape (runs,).

    For runs that draw everything but the model anew (seed, order, split). The folds of one
    cross-validation share training data, so for them it is too narrow (Nadeau & Bengio 2003).
    """
    from scipy.stats import t

    runs = require.finite("differences", differences, least=2)
    value, standard_error = float(runs.mean()), float(runs.std(ddof=1)) / math.sqrt(runs.size)
    half = float(t.ppf((1 + require.level(level)) / 2, runs.size - 1)) * standard_error
    return Interval(value, value - half, value + half, "paired t", runs.size)


def corrected_t(differences: ArrayLike, test_share: float, level: float = 0.95) -> Interval:
    """Interval by t of the mean difference over the folds of one cross-validation, shape (folds,).

    The models of the folds share most of their training rows, so their differences vary less than
    those of independent runs would; the variance is corrected for it (Nadeau & Bengio 2003).
    `test_share` is the number of test rows of a fold over that of its training rows.
    """
    from scipy.stats import t

    folds = require.finite("differences", differences, least=2)
    value, variance = float(folds.mean()), float(folds.var(ddof=1))
    standard_error = math.sqrt((1 / folds.size + test_share) * variance)
    half = float(t.ppf((1 + require.level(level)) / 2, folds.size - 1)) * standard_error
    return Interval(value, value - half, value + half, "corrected resampled t", folds.size)


def corrected_t_p(differences: ArrayLike, test_share: float) -> float:
    """Two-sided p value for "no difference on average", as in `corrected_t`."""
    from scipy.stats import t

    folds = require.finite("differences", differences, least=2)
    variance = float(folds.var(ddof=1))
    if variance == 0:
        return 1.0 if folds.mean() == 0 else 0.0
    statistic = float(folds.mean()) / math.sqrt((1 / folds.size + test_share) * variance)
    return float(2 * t.sf(abs(statistic), folds.size - 1))


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
