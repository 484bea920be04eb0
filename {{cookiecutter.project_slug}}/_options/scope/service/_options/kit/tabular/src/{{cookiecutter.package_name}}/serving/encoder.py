"""A few rows as the network sees them: in microseconds, where polars plans for milliseconds.

Tests hold it to ``matrix_of(readable(...))``, which training rows go through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..contract.contract import MISSING
from ..schema import Feature, Table
from ..table.encoding import LARGEST, codes_of

Row = dict[str, Any]  # by column: a number, a text, a truth value, or None
WHOLE = 2.0**53


class Encoder:
    """Encodes rows for one model."""

    def __init__(self, features: Sequence[Feature]) -> None:
        places = dict(enumerate(features))
        self.numbers = [place for place, one in places.items() if one.categories is None]
        self.names = [features[place].name for place in self.numbers]
        self.categories = {
            place: (one.name, codes_of(one.categories))
            for place, one in places.items()
            if one.categories is not None
        }
        self.width = len(places)

    def encode(self, rows: Sequence[Row]) -> Table:
        """Return float32 (rows, features); a column that a row lacks is missing."""
        table = np.empty((len(rows), self.width), np.float32)
        if self.numbers:  # all at once: one call for each column would take longer than the network
            values = [[*map(row.get, self.names)] for row in rows]
            numbers = np.array(values, np.float64)  # None is NaN
            table[:, self.numbers] = numbers.clip(-LARGEST, LARGEST)
        for place, (name, codes) in self.categories.items():
            found = [row.get(name) for row in rows]
            table[:, place] = [0 if v is None else codes.get(as_text(v), 0) for v in found]
        return table


def as_text(value: str | float | bool) -> str:
    """Return a category as the contract spells it; empty where it stands for no value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < WHOLE
        return str(int(value)) if whole else str(value)
    text = str(value).strip()
    return "" if text in MISSING else text
