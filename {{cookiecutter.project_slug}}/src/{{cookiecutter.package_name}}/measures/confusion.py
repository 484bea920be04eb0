"""Target against prediction of each row, for `dvc plots`."""

from __future__ import annotations

import csv
import io

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions

BINS = 5  # of values, with about as many rows in each


def confusion_csv(table: Predictions) -> str:
    """Return target and prediction of each row; of values, the fifth of the targets they are in."""
    names, targets, predicted = table.classes, table.targets, table.predicted
    if not names:
        edges = np.unique(np.quantile(targets, np.linspace(0, 1, BINS + 1)[1:-1]))
        names = _bin_names(edges)
        targets, predicted = np.searchsorted(edges, targets), np.searchsorted(edges, predicted)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["target", "prediction"])
    for target, prediction in zip(targets, predicted, strict=True):
        writer.writerow([names[target], names[prediction]])
    return stream.getvalue()


def _bin_names(edges: NDArray[np.floating]) -> list[str]:
    shown = [f"{edge:.4g}" for edge in edges]
    lower, upper = ["", *(f"above {edge}" for edge in shown)], [f"up to {edge}" for edge in shown]
    joined = [f"{low} {high}".strip() for low, high in zip(lower, [*upper, ""], strict=True)]
    return [f"{number + 1}: {name}" for number, name in enumerate(joined)]
