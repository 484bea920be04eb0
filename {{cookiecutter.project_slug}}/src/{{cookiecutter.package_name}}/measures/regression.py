"""Values: absolute and squared error, explained variance, and the paired difference in error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.intervals import bootstrap_mean, bootstrap_means
from ..stats.paired import sign_flip_p
from .folds import compare_folds

PRIMARY = "mae"


def describe(table: Predictions, level: float, resamples: int, seed: int) -> dict[str, Any]:
    """Return mean absolute error, root mean squared error and R2 of one model with intervals.

    The errors are in the target's unit; R2 compares the squared error with that of the test set's
    own mean, and is 0 for a model that knows no more.
    """
    how: dict[str, Any] = {"resamples": resamples, "level": level, "seed": seed}
    errors, targets = table.errors.astype(np.float64), table.targets.astype(np.float64)
    mae = bootstrap_mean(np.abs(errors), **how)
    rmse = bootstrap_means(errors[:, None] ** 2, lambda means: np.sqrt(means[..., 0]), **how)
    centred = targets - targets.mean()
    columns = np.stack([errors**2, centred, centred**2], axis=1)
    r2 = bootstrap_means(columns, explained_variance, **how)
    return {"mae": mae.as_dict(), "rmse": rmse.as_dict(), "r2": r2.as_dict()}


def explained_variance(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return R2 from the means (..., 3) of squared errors, targets and squared targets."""
    variance = means[..., 2] - means[..., 1] ** 2
    return 1 - means[..., 0] / np.maximum(variance, np.finfo(np.float64).tiny)


def compare(
    network: Predictions,
    baseline: Predictions,
    *,
    test_share: float,
    level: float,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return by how much the network errs less than the baseline, on the same rows."""
    ahead = np.abs(baseline.errors.astype(np.float64)) - np.abs(network.errors)
    if network.fold is not None:
        return compare_folds(ahead, network.fold, test_share, level)
    interval = bootstrap_mean(ahead, resamples=resamples, level=level, seed=seed)
    return interval.as_dict() | {"p_value": sign_flip_p(ahead, resamples=resamples, seed=seed)}


def quality(table: Predictions) -> float:
    """Return what the best baseline is chosen by; more is better."""
    return -float(np.abs(table.errors).mean())
