"""Comparisons of training procedures over several runs: seeds, or folds of a cross-validation.

One run tells of one network. Five pairs are enough to compare two procedures in daily work, ten to
print a number, 29 to publish a claim (Bouthillier et al. 2021).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .intervals import Interval
from .resampling import CHUNK_CELLS, FEWEST_RESAMPLES, percentiles

MEANINGFUL = 0.75  # chance of being ahead from which a procedure is called an improvement


def crossed_bootstrap(
    values: ArrayLike, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Percentile bootstrap of the mean of `values`, shape (runs, n), over runs and examples.

    Runs (seeds) and examples are drawn anew together, since both would be others another time: an
    interval over one of them alone is too narrow (Bouthillier et al. 2021).
    """
    matrix = require.table("values", values)
    runs, rows = matrix.shape
    total = require.count("resamples", resamples, least=FEWEST_RESAMPLES)
    random = np.random.default_rng(seed)
    most = max(1, CHUNK_CELLS // rows)

    def draw(times: int) -> NDArray[np.float64]:
        weights = random.multinomial(runs, np.full(runs, 1 / runs), size=times) / runs
        drawn = random.integers(rows, size=(times, rows))
        return np.take_along_axis(weights @ matrix, drawn, axis=1).mean(axis=1)

    drawn = np.concatenate([draw(min(most, total - done)) for done in range(0, total, most)])
    ((low, high),) = percentiles(drawn[:, None], level)
    return Interval(float(matrix.mean()), low, high, "crossed bootstrap", rows)


def paired_t(differences: ArrayLike, level: float = 0.95) -> Interval:
    """Student's t interval (1908) of the mean difference over paired runs, shape (runs,).

    For runs that draw everything but the model anew (seed, order, split). The folds of one
    cross-validation share training data, so for them it is too narrow: see `corrected_t`.
    """
    from scipy.stats import t

    runs = require.finite("differences", differences, least=2)
    value, standard_error = float(runs.mean()), float(runs.std(ddof=1)) / math.sqrt(runs.size)
    half = float(t.ppf((1 + require.level(level)) / 2, runs.size - 1)) * standard_error
    return Interval(value, value - half, value + half, "paired t", runs.size)


def probability_of_improvement(
    differences: ArrayLike, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """How often a run of the one procedure is ahead of its pair, with a bootstrap over the pairs.

    `differences` has shape (runs,), more is better; a tie counts half.
    """
    runs = require.finite("differences", differences, least=2)
    total = require.count("resamples", resamples, least=FEWEST_RESAMPLES)
    ahead = (np.sign(runs) + 1) / 2
    drawn = np.random.default_rng(seed).integers(runs.size, size=(total, runs.size))
    ((low, high),) = percentiles(ahead[drawn].mean(axis=1)[:, None], level)
    return Interval(float(ahead.mean()), low, high, "bootstrap over paired runs", runs.size)


def is_improvement(chance: Interval, meaningful: float = MEANINGFUL) -> bool:
    """Whether being ahead is no luck (`low` above 1/2) and frequent (`high` above `meaningful`)."""
    return chance.low > 0.5 and chance.high > meaningful


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
