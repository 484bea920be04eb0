"""How much worse a model gets on corrupted rows, beside a simple one on the same rows."""

from __future__ import annotations

from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.bootstrap import bootstrap_means
from .uncertainty import Uncertainty

Cells = dict[tuple[str, int], Predictions]  # by corruption and severity


def robustness(
    measures: ModuleType, network: Cells, reference: Cells, name: str, how: Uncertainty
) -> dict[str, Any]:
    """Return the error in each cell, and each corruption's error relative to the reference's.

    A corruption error (Hendrycks & Dietterich 2019) is the sum of the network's errors over the
    severities over that of the reference; below 1 the network stands it better. ``name`` is the
    reference's. All cells hold the same rows, which are drawn together. Half an error is added to
    either sum: on a reference without errors nothing could be divided.
    """
    errors = {cell: measures.errors_of(table) for cell, table in network.items()}
    of_reference = {cell: measures.errors_of(reference[cell]) for cell in network}
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
    columns = np.stack([*errors.values(), *of_reference.values()], axis=1)
    places = {one: [n for n, (c, _) in enumerate(network) if c == one] for one in corruptions}
    half = 0.5 / len(columns) if measures.PRIMARY == "accuracy" else np.finfo(np.float64).tiny
    statistics = [partial(_ratio, place, len(network), half) for place in places.values()]

    def mean_ratio(means: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.mean([statistic(means) for statistic in statistics], axis=0)

    *each, mean = bootstrap_means(columns, [*statistics, mean_ratio], **how.bootstrap)
    found = [interval.as_dict() for interval in each]
    return {
        "reference": name,
        "rows": len(columns),
        "cells": cells,
        "corruption_errors": dict(zip(corruptions, found, strict=True)),
        "mean_corruption_error": mean.as_dict(),
    }


def _ratio(
    places: list[int], cells: int, half: float, means: NDArray[np.float64]
) -> NDArray[np.float64]:
    ours = means[..., places].sum(axis=-1)
    theirs = means[..., [cells + place for place in places]].sum(axis=-1)
    return (ours + half) / (theirs + half)
