"""Numbers as people think of them: 97 of 100, and no more digits than are known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

WHOLES = (100, 1_000, 10_000)


@dataclass(frozen=True)
class Frequency:
    """A share as so many of a whole, with the ends of its interval."""

    value: int
    low: int
    high: int
    of: int

    @property
    def told(self) -> str:
        """As it is said."""
        return f"{self.value:,} of {self.of:,}"

    @property
    def between(self) -> str:
        """What it could be."""
        return f"{self.low:,} to {self.high:,} of {self.of:,}"


def frequency(entry: dict[str, Any]) -> Frequency:
    """Return a share with its interval; of more than 100 where 100 would hide that it is not all.

    A share of 0.9972 is 997 of 1,000, since "100 of 100" would be wrong.
    """
    value = entry["value"]
    of = next((of for of in WHOLES if value in (0, 1) or 0 < round(of * value) < of), WHOLES[-1])
    counted, low, high = (round(of * entry[key]) for key in ("value", "low", "high"))
    return Frequency(counted, low, high, of)


def missed(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the share that is not right, with its interval the other way round."""
    ends = {"low": 1 - entry["high"], "high": 1 - entry["low"]}
    return {**entry, "value": 1 - entry["value"], **ends}


def roughly(count: int) -> int:
    """Return a count of two digits and noughts, not below: 2,030 is about 2,100."""
    step = 10 ** max(0, len(str(count)) - 2)
    return -(-count // step) * step


def amount(value: float, entry: dict[str, Any]) -> str:
    """Return an amount with as many digits as half the width of its interval leaves."""
    half = (entry["high"] - entry["low"]) / 2
    places = -math.floor(math.log10(half)) if half > 0 else 2
    rounded = round(value, places)
    return f"{rounded:,.{max(0, places)}f}" if rounded else "0"
