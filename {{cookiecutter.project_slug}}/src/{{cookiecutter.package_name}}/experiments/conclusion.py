"""What may be concluded from paired runs, and why not more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..crossvalidation.pairs import Pair
from ..measures import classification
from ..measures.uncertainty import Uncertainty
from ..stats.intervals import Interval
from ..stats.power import rows_for_mean_difference
from ..stats.verdict import FEWEST_ROWS, rows_to_be_equal

SEEDS_TO_COMPARE = 5  # with fewer the interval holds the truth too seldom where seeds matter


@dataclass(frozen=True)
class Limits:
    """What a conclusion needs."""

    seeds: int  # as planned
    margin: float  # of accuracy, or a share of a's error
    unit: float  # what the margin is a share of, in the metric's unit

    @property
    def margin_in_units(self) -> float:
        """The smallest difference that matters, in the metric's unit."""
        return self.margin * self.unit


def decide(ahead: Interval, seeds: int, limits: Limits) -> tuple[str, str]:
    """Return the verdict on b, and why nothing is concluded, if nothing is.

    The verdict is "better", "worse", "equivalent", "inconclusive" or "descriptive".
    """
    why = _too_little(ahead.rows, seeds, limits)
    if why:
        return "descriptive", why
    if ahead.low > 0:
        return "better", ""
    if ahead.high < 0:
        return "worse", ""
    inside = max(-ahead.low, ahead.high) < limits.margin_in_units
    enough = ahead.rows >= rows_to_be_equal(limits.margin)
    return ("equivalent" if inside and enough else "inconclusive"), ""


def _too_little(rows: int, seeds: int, limits: Limits) -> str:
    if rows < FEWEST_ROWS:
        return f"{rows} rows, fewer than {FEWEST_ROWS}"
    if seeds < limits.seeds:
        return f"{seeds} seeds, {limits.seeds} planned"
    return f"{seeds} seeds, fewer than {SEEDS_TO_COMPARE}" if seeds < SEEDS_TO_COMPARE else ""


def rows_needed(pairs: list[Pair], limits: Limits, how: Uncertainty) -> int | None:
    """Return the rows that would show a difference of the margin, as far as a and b differ here.

    For classes that is how often only one of them is right; for values, how far single rows differ.
    """
    ahead = [pair.ahead for pair in pairs]
    if pairs[0].first.table.classes:
        disagreement = float(np.mean([np.abs(one).mean() for one in ahead]))
        return classification.rows_needed(disagreement, how)
    spread = float(np.mean([one.std() for one in ahead]))
    if not spread * limits.margin_in_units:
        return None
    return rows_for_mean_difference(limits.margin_in_units, spread, level=how.level)
