"""The rows that the network gets most wrong, to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import load_split
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..schema import Manifest, as_html

MOST_ERRORS = 24


def list_errors(
    table: Predictions, prepared: Path, manifest: Manifest, folds: list[int | None]
) -> list[dict[str, Any]]:
    """Return the worst errors, each with its row: those that the model was surest of, or largest.

    The table is of the test rows of ``folds``, one after the other.

    Raises:
        UserError: when ``table`` is of other rows than ``prepared`` holds.
    """
    parts = [load_split(prepared, "test", fold) for fold in folds]
    if [name for part in parts for name in part.ids] != table.ids:
        raise UserError(
            "predictions/network is of other rows than data/prepared now holds. Score again, in "
            "the same run."
        )
    starts = np.cumsum([0, *(len(part.ids) for part in parts)])
    confidence = table.outputs.max(axis=1) if table.classes else np.abs(table.errors)
    wrong = np.flatnonzero(~table.correct)

    def picture(row: int) -> str:
        part = int(np.searchsorted(starts, row, side="right")) - 1
        return as_html(parts[part].inputs[row - starts[part]], manifest)

    return [
        {
            "id": table.ids[row],
            "picture": picture(int(row)),
            "target": _named(table, table.targets[row]),
            "predicted": _named(table, table.predicted[row]),
            "confidence": float(confidence[row]),
        }
        for row in sorted(wrong, key=lambda row: -confidence[row])[:MOST_ERRORS]
    ]


def _named(table: Predictions, value: Any) -> str:
    return table.classes[value] if table.classes else f"{value:.4g}"
