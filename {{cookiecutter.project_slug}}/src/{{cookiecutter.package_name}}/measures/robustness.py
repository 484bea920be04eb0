"""How much worse a model gets on corrupted rows, beside a simple one on the same rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..runtime.errors import UserError
from ..stats.bootstrap import bootstrap_means
from .uncertainty import Uncertainty

Cells = dict[tuple[str, int], Predictions]  # by corruption and severity
Means = NDArray[np.float64]
Statistic = Callable[[Means], Means]


def robustness(
    measures: ModuleType,
    network: Cells,
    reference: Cells,
    name: str,
    how: Uncertainty,
    clean: tuple[Predictions, Predictions] | None = None,
) -> dict[str, Any]:
    """Return the error in each cell, and each corruption's error relative to the reference's.

    A corruption error (Hendrycks & Dietterich 2019) is the sum of the network's errors over the
    severities over that of the reference; below 1 the network stands it better. Half an error is
    added to either sum: on a reference without errors nothing could be divided.

    Their relative one takes from both what they err on clean rows: who errs often anyhow has
    little to lose. Here it is one ratio of sums over all corruptions, since one that costs the
    reference nothing has no ratio; and it is left out unless the reference loses for sure, where
    no interval would end (Fieller 1954).

    Args:
        measures: of this kind of target.
        network: its cells. All cells hold the same rows, which are drawn together.
        reference: cells of the model that it is compared with.
        name: what that model is called.
        how: settings of the intervals.
        clean: what both say of the test rows as they are.

    Raises:
        UserError: when the cells of the two do not hold the same rows.
    """
    require_same_cells(network, reference, name)
    cells = [
        {
            "corruption": corruption,
            "severity": severity,
            "network": measures.value_of(network[corruption, severity], how).as_dict(),
            name: measures.value_of(reference[corruption, severity], how).as_dict(),
        }
        for corruption, severity in network
    ]
    corruptions = list(dict.fromkeys(corruption for corruption, _ in network))
    places = [[n for n, (c, _) in enumerate(network) if c == one] for one in corruptions]
    columns = [measures.errors_of(network[cell]) for cell in network]
    columns += [measures.errors_of(reference[cell]) for cell in network]
    half = 0.5 / len(columns[0]) if measures.PRIMARY == "accuracy" else np.finfo(np.float64).tiny
    ratios: list[Statistic] = [partial(_ratio, place, len(network), half) for place in places]
    statistics = [*ratios, partial(_mean, ratios)]
    if clean:
        ids = next(iter(network.values())).ids
        columns += [measures.errors_of(rows_with(table, ids)) for table in clean]
        statistics += [_lost_by_reference, _relative]
    found = bootstrap_means(np.stack(columns, axis=1), statistics, **how.bootstrap)
    entries = [interval.as_dict() for interval in found]
    each = dict(zip(corruptions, entries, strict=False))
    result = {"reference": name, "rows": len(columns[0]), "cells": cells, "corruption_errors": each}
    result["mean_corruption_error"] = entries[len(corruptions)]
    if clean and entries[-2]["low"] > 0:
        result["relative_corruption_error"] = entries[-1]
    return result


def require_same_cells(network: Cells, reference: Cells, name: str) -> None:
    """Refuse cells that were made of other rows, or in other ways."""
    same = list(network) == list(reference)
    if not same or any(network[cell].ids != reference[cell].ids for cell in network):
        raise UserError(
            f"{name}: its corrupted rows are not those of the network. `uv run dvc repro` makes "
            "both anew, or of a run by hand `uv run baselines run=NAME` and `uv run score run=NAME`"
        )


def rows_with(table: Predictions, ids: list[str]) -> Predictions:
    """Return the rows with these ids, in their order."""
    places = {name: place for place, name in enumerate(table.ids)}
    return table.select(np.array([places[name] for name in ids]))


def _ratio(places: list[int], cells: int, half: float, means: Means) -> Means:
    ours = means[..., places].sum(axis=-1)
    theirs = means[..., [cells + place for place in places]].sum(axis=-1)
    return (ours + half) / (theirs + half)


def _lost(means: Means) -> Means:
    """What each loses to corruptions (..., 2); the last two columns are their clean errors."""
    cells = means[..., :-2].reshape(*means.shape[:-1], 2, -1).mean(axis=-1)
    return cells - means[..., -2:]


def _lost_by_reference(means: Means) -> Means:
    return _lost(means)[..., 1]


def _relative(means: Means) -> Means:
    lost = _lost(means)
    return lost[..., 0] / np.maximum(lost[..., 1], np.finfo(np.float64).tiny)


def _mean(statistics: list[Statistic], means: Means) -> Means:
    return np.mean([statistic(means) for statistic in statistics], axis=0)
