"""Classes: accuracy and what else tells of a classifier, and the paired difference in accuracy."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.bootstrap import (
    bootstrap_confusion,
    bootstrap_mean,
    bootstrap_means,
    first_mean,
    second_mean,
)
from ..stats.calibration import brier_scores, log_losses
from ..stats.confusion import balanced_accuracy, macro_f1, matthews
from ..stats.intervals import Interval, wilson
from ..stats.paired import bonett_price, mcnemar_mid_p
from ..stats.power import rows_for_difference
from ..stats.ranking import bootstrap_ranking
from .clustered import compare_clustered
from .groups import groups_of
from .uncertainty import Uncertainty

PRIMARY = "accuracy"
MOST_DISAGREEMENT = 0.999
PAIR = 2  # classes: then the last one is what scores rank rows by
MOST_CELLS = 1 << 24  # rows times occupied cells that are kept at once, 128 MiB
OF_COUNTS = {"macro_f1": macro_f1, "balanced_accuracy": balanced_accuracy, "matthews": matthews}


def describe(table: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return each measure of one model with its interval; where rows come in groups, over those."""
    groups = groups_of(table)
    losses = np.stack(
        [
            log_losses(table.probabilities, table.targets),
            brier_scores(table.probabilities, table.targets),
        ],
        axis=1,
    )
    nll, brier = bootstrap_means(losses, [first_mean, second_mean], groups=groups, **how.bootstrap)
    found = {"accuracy": value_of(table, how)}
    found |= _of_counts(table, groups, how)
    found |= {"nll": nll, "brier": brier}
    of_last = table.targets == 1
    if len(table.classes) == PAIR and of_last.any() and not of_last.all():
        scores = table.probabilities[:, 1]
        area, precision = bootstrap_ranking(
            scores, of_last, groups=groups, folds=table.fold, **how.bootstrap
        )
        found |= {"auroc": area, "average_precision": precision}
    return {name: interval.as_dict() for name, interval in found.items()}


def _of_counts(
    table: Predictions, groups: NDArray[Any] | None, how: Uncertainty
) -> dict[str, Interval]:
    """Return the measures of the confusion matrix; with groups from each group's own counts."""
    statistics, size = list(OF_COUNTS.values()), len(table.classes)
    if groups is None:
        found = bootstrap_confusion(table.confusion, statistics, **how.bootstrap)
        return dict(zip(OF_COUNTS, found, strict=True))
    occupied, place = np.unique(table.targets * size + table.predicted, return_inverse=True)
    if len(occupied) * len(place) > MOST_CELLS:
        return {}

    def matrices(means: NDArray[np.float64]) -> NDArray[np.float64]:
        cells = np.zeros((*means.shape[:-1], size * size))
        cells[..., occupied] = means
        return cells.reshape(*means.shape[:-1], size, size)

    of_means = [partial(_of_matrices, statistic, matrices) for statistic in statistics]
    columns = np.eye(len(occupied))[place]
    found = bootstrap_means(columns, of_means, groups=groups, **how.bootstrap)
    return dict(zip(OF_COUNTS, found, strict=True))


def _of_matrices(statistic: Any, matrices: Any, means: Any) -> Any:
    return statistic(matrices(means))


def value_of(table: Predictions, how: Uncertainty) -> Interval:
    """Return the accuracy: by Wilson, or over groups where rows come in groups."""
    groups = groups_of(table)
    if groups is None:
        return wilson(int(table.correct.sum()), len(table.ids), how.level)
    return bootstrap_mean(table.correct.astype(np.float64), groups=groups, **how.bootstrap)


def errors_of(table: Predictions) -> NDArray[np.float64]:
    """Return what the primary metric counts against a model (rows,): 1 where it is wrong."""
    return (~table.correct).astype(np.float64)


def compare(network: Predictions, other: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return the paired difference in accuracy, network minus other, on the same rows."""
    gained = int((network.correct & ~other.correct).sum())
    lost = int((~network.correct & other.correct).sum())
    counts = {"gained": gained, "lost": lost}
    if network.fold is not None or groups_of(network) is not None:
        ahead = errors_of(other) - errors_of(network)
        return compare_clustered(network, ahead, how.margin, how) | counts
    rows = len(network.ids)
    counts["rows_needed"] = rows_needed((gained + lost + 2) / (rows + 2), how)
    interval = bonett_price(gained, lost, rows, how.level)
    return {**interval.as_dict(), **counts, "p_value": mcnemar_mid_p(gained, lost)}


def rows_needed(disagreement: float, how: Uncertainty) -> int:
    """Return the rows that would show a difference of ``how.margin`` at this disagreement."""
    possible = min(max(disagreement, 1.01 * how.margin), MOST_DISAGREEMENT)
    return rows_for_difference(min(how.margin, 0.99 * possible), possible, level=how.level)


def quality(table: Predictions) -> float:
    """Return what the best baseline is chosen by; more is better."""
    return float(table.correct.mean())
