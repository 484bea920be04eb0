"""Each class by itself: how often it is recognised, and how often its name is right."""

from __future__ import annotations

from typing import Any

from ..predictions import Predictions
from ..stats.intervals import wilson

FEWEST_ROWS = 10  # of a class: with fewer no interval holds what it says


def per_class(table: Predictions, level: float) -> list[dict[str, Any]]:
    """Return recall and precision of each class by Wilson; null where rows are too few."""
    counts = table.confusion
    entries: list[dict[str, Any]] = []
    for place, name in enumerate(table.classes):
        right, present, named = counts[place, place], counts[place].sum(), counts[:, place].sum()
        entry: dict[str, Any] = {"class": name, "rows": int(present)}
        for measure, of in (("recall", present), ("precision", named)):
            enough = of >= FEWEST_ROWS
            entry[measure] = wilson(int(right), int(of), level).as_dict() if enough else None
        if present < FEWEST_ROWS:
            entry["why"] = f"{present} rows, fewer than {FEWEST_ROWS}: not estimable"
        entries.append(entry)
    return entries


def missing_classes(table: Predictions) -> list[str]:
    """Return the classes that no row has."""
    present = set(table.targets.tolist())
    return [name for place, name in enumerate(table.classes) if place not in present]
