"""Several comparisons as one family: more of them may not mean more false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..stats.intervals import Interval


def holm_levels(
    names: Iterable[str], interval_at: Callable[[str, float], Interval], level: float
) -> dict[str, float]:
    """Return the level of each comparison's interval, so that together they hold ``level``.

    Holm's procedure (1979) by intervals instead of p values: as long as some of those left exclude
    zero at the strict level for so many, these are sure, and fewer are left.

    Args:
        names: of the comparisons.
        interval_at: of a comparison and a level, the interval of its difference.
        level: of all of them together.
    """
    left, levels = [*names], dict[str, float]()
    while left:
        strict = 1 - (1 - level) / len(left)
        sure = [name for name in left if _excludes_zero(interval_at(name, strict))]
        levels |= dict.fromkeys(sure or left, strict)
        left = [name for name in left if name not in levels]
    return levels


def _excludes_zero(interval: Interval) -> bool:
    return interval.low > 0 or interval.high < 0
