"""Are the probabilities true? Of the rows that a model is 80 % sure of, 80 % should be right.

Log loss and the Brier score come first: they are proper scores, least for true probabilities. The
expected calibration error is never shown alone: of a perfectly calibrated model it is not 0 but
0.01 to 0.05 on 360 rows, so that it comes with what it would be if the probabilities were true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .resampling import CHUNK_CELLS

BINS, DRAWS = 15, 500
SMALLEST_PROBABILITY = 1e-6  # a model that says 0 and errs would have an infinite log loss


def log_losses(probabilities: ArrayLike, targets: ArrayLike) -> NDArray[np.float64]:
    """Negative log of the probability that each row's class was given; (n, K), (n,) to (n,)."""
    matrix = np.asarray(probabilities, dtype=np.float64)
    given = matrix[np.arange(len(matrix)), np.asarray(targets)]
    return -np.log(np.maximum(given, SMALLEST_PROBABILITY))


def brier_scores(probabilities: ArrayLike, targets: ArrayLike) -> NDArray[np.float64]:
    """Squared distance of each row's probabilities to the truth (n,), 0 to 2 (Brier 1950)."""
    off = np.array(probabilities, dtype=np.float64)
    off[np.arange(len(off)), np.asarray(targets)] -= 1
    return (off**2).sum(axis=1)


@dataclass(frozen=True)
class Bins:
    """Rows by how sure the model was, in bins of equal width; empty ones are left out."""

    confidence: NDArray[np.float64]  # (b,): the mean of each bin
    accuracy: NDArray[np.float64]  # (b,): the share of its rows that are right
    rows: NDArray[np.int64]  # (b,)
    low: NDArray[np.float64]  # (b,): between low and high lie 95 % of the accuracies that
    high: NDArray[np.float64]  # true probabilities would give


@dataclass(frozen=True)
class Calibration:
    """The expected calibration error, and what it would be if the probabilities were true."""

    error: float
    expected: float  # mean of the simulated errors
    limit: float  # 95 % of them are lower
    p_value: float  # share of them that are as large, the observed one among them
    bins: Bins


def calibration(
    confidence: ArrayLike,
    correct: ArrayLike,
    *,
    bins: int = BINS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Calibration:
    """Expected calibration error of the most probable class (Guo et al. 2017), with its null.

    The error is the mean over rows of |accuracy - confidence| of the row's bin. For the null the
    outcomes are drawn from the model's own confidence, `draws` times.

    Args:
        confidence: probability of the most probable class (n,).
        correct: whether it was the target (n,).
        bins: of equal width between 0 and 1.
        draws: of the null.
        seed: of the null.
    """
    sure, right = require.finite("confidence", confidence), np.asarray(correct, np.float64)
    if right.shape != sure.shape:
        raise ValueError(f"correct has shape {right.shape}: expected {sure.shape}")
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    rows = np.bincount(place, minlength=bins)
    filled = rows > 0
    count, means = rows[filled], (np.bincount(place, sure, bins)[filled] / rows[filled])
    accuracy = np.bincount(place, right, bins)[filled] / count
    simulated = _simulated(sure, place, bins, draws, seed)[:, filled] / count
    errors = np.abs(simulated - means) @ count / len(sure)
    error = float(np.abs(accuracy - means) @ count / len(sure))
    low, high = np.quantile(simulated, [0.025, 0.975], axis=0)
    return Calibration(
        error=error,
        expected=float(errors.mean()),
        limit=float(np.quantile(errors, 0.95)),
        p_value=float(((errors >= error - 1e-12).sum() + 1) / (draws + 1)),
        bins=Bins(means, accuracy, count, low, high),
    )


def _simulated(
    sure: NDArray[np.float64], place: NDArray[np.int64], bins: int, draws: int, seed: int
) -> NDArray[np.float64]:
    """How many rows of each bin are right in each draw (draws, bins)."""
    random = np.random.default_rng(seed)
    most = max(1, CHUNK_CELLS // len(sure))
    found: list[NDArray[np.float64]] = []
    for done in range(0, draws, most):
        times = min(most, draws - done)
        right = random.random((times, len(sure))) < sure
        cells = (place + np.arange(times)[:, None] * bins)[right]
        counts = np.bincount(cells, minlength=times * bins).astype(np.float64)
        found.append(counts.reshape(times, bins))
    return np.concatenate(found)
