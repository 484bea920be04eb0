"""Comparisons of two models on the same examples, or over the same seeds.

Pairing gives them their power: two intervals that overlap say nothing about the difference.
`gained` counts the examples that only the first model has right, `lost` those that only the
second has right.
"""

import math

from numpy.typing import ArrayLike

from . import require
from .intervals import Interval


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
