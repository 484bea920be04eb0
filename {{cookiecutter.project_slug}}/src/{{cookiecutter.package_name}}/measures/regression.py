"""Values: absolute and squared error, explained variance, and the paired difference in error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.bootstrap import BCA_ROWS, bca_means, bootstrap_mean, bootstrap_means, first_mean
from ..stats.intervals import Interval
from ..stats.paired import sign_flip_p
from ..stats.power import rows_for_mean_difference
from .clustered import compare_clustered
from .groups import groups_of
from .uncertainty import Uncertainty

PRIMARY = "mae"
LEAST_VARIANCE = 1e-9  # of targets, as a share of the squared error


def describe(table: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return mean absolute error, root mean squared error and R2 of one model with intervals.

    The errors are in the target's unit; R2 compares the squared error with that of the test set's
    own mean, and is 0 for a model that knows no more.
    """
    errors, targets = table.errors.astype(np.float64), table.targets.astype(np.float64)
    centred = targets - targets.mean()
    columns = np.stack([errors**2, centred, centred**2], axis=1)
    rmse, r2 = bootstrap_means(
        columns, [root_of_first, explained_variance], groups=groups_of(table), **how.bootstrap
    )
    found = {"mae": value_of(table, how), "rmse": rmse, "r2": r2}
    return {name: interval.as_dict() for name, interval in found.items()}


def value_of(table: Predictions, how: Uncertainty) -> Interval:
    """Return the mean absolute error: errors are skewed, so BCa where there are rows for it."""
    errors, groups = errors_of(table), groups_of(table)
    if groups is not None or len(errors) < BCA_ROWS:
        return bootstrap_mean(errors, groups=groups, **how.bootstrap)
    return bca_means(errors[:, None], first_mean, **how.bootstrap)


def errors_of(table: Predictions) -> NDArray[np.float64]:
    """Return what the primary metric counts against a model (rows,): how far it is off."""
    return np.abs(table.errors.astype(np.float64))


def root_of_first(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the root of the mean of the first column."""
    return np.sqrt(means[..., 0])


def explained_variance(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return R2 from the means (..., 3) of squared errors, targets and squared targets.

    Of targets without any variance it is a huge negative number, since none can be explained.
    """
    squared = means[..., 0]
    variance = np.maximum(means[..., 2] - means[..., 1] ** 2, LEAST_VARIANCE * squared)
    return 1 - squared / np.where(variance > 0, variance, 1)


def compare(network: Predictions, other: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return by how much the network errs less than the other model, on the same rows."""
    ahead = errors_of(other) - errors_of(network)
    margin = how.margin * float(errors_of(other).mean())
    if network.fold is not None or groups_of(network) is not None:
        return compare_clustered(network, ahead, margin, how)
    spread = float(ahead.std())
    needed = rows_for_mean_difference(margin, spread, level=how.level) if margin * spread else None
    interval = bootstrap_mean(ahead, **how.bootstrap)
    p_value = sign_flip_p(ahead, resamples=how.resamples, seed=how.seed)
    return interval.as_dict() | {"rows_needed": needed, "p_value": p_value}


def quality(table: Predictions) -> float:
    """Return what the best baseline is chosen by; more is better."""
    return -float(np.abs(table.errors).mean())
