"""Classes: accuracy, macro-F1, negative log likelihood, and the paired difference in accuracy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.intervals import bootstrap_confusion, bootstrap_mean, macro_f1, wilson
from ..stats.paired import bonett_price, mcnemar_mid_p
from .folds import compare_folds

PRIMARY = "accuracy"
SMALLEST_PROBABILITY = 1e-6  # a model that says 0 and errs would have an infinite log loss


def describe(table: Predictions, level: float, resamples: int, seed: int) -> dict[str, Any]:
    """Return accuracy, macro-F1 and negative log likelihood of one model with their intervals."""
    rows = len(table.ids)
    accuracy = wilson(int(table.correct.sum()), rows, level)
    f1 = bootstrap_confusion(table.confusion, macro_f1, resamples=resamples, level=level, seed=seed)
    nll = bootstrap_mean(log_losses(table), resamples=resamples, level=level, seed=seed)
    return {"accuracy": accuracy.as_dict(), "macro_f1": f1.as_dict(), "nll": nll.as_dict()}


def log_losses(table: Predictions) -> NDArray[np.float64]:
    """Return the negative log of the probability that each row's class was given (rows,)."""
    given = table.probabilities[np.arange(len(table.ids)), table.targets]
    return -np.log(np.maximum(given, SMALLEST_PROBABILITY))


def compare(
    network: Predictions,
    baseline: Predictions,
    *,
    test_share: float,
    level: float,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return the paired difference in accuracy, network minus baseline, on the same rows."""
    del resamples, seed  # nothing is drawn here
    gained = int((network.correct & ~baseline.correct).sum())
    lost = int((~network.correct & baseline.correct).sum())
    counts = {"gained": gained, "lost": lost}
    if network.fold is not None:
        ahead = network.correct.astype(np.float64) - baseline.correct
        return compare_folds(ahead, network.fold, test_share, level) | counts
    interval = bonett_price(gained, lost, len(network.ids), level)
    return {**interval.as_dict(), **counts, "p_value": mcnemar_mid_p(gained, lost)}


def quality(table: Predictions) -> float:
    """Return what the best baseline is chosen by; more is better."""
    return float(table.correct.mean())
