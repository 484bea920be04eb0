"""Differences in words: accuracy in points, errors in the target's unit, and never a bare sign."""

from __future__ import annotations

import math

from .classification import PRIMARY as ACCURACY

MOST_DIGITS = 6


def digits_for(metric: str, width: float) -> int:
    """Return the decimals that an interval of this ``width`` leaves meaningful."""
    shown = width * scale(metric)
    least = 1 if metric == ACCURACY else 0
    return min(MOST_DIGITS, max(least, 1 - math.floor(math.log10(shown)))) if shown > 0 else 2


def scale(metric: str) -> int:
    """Return what a number is multiplied by to be shown: accuracy is told in points."""
    return 100 if metric == ACCURACY else 1


def amount(metric: str, number: float, digits: int) -> str:
    """Return how large a difference is, without its sign and its unit."""
    return f"{abs(number) * scale(metric):,.{digits}f}"


def lead(metric: str, number: float, digits: int) -> str:
    """Return a difference with its sign; one that rounds to nothing is +0."""
    return f"{number * scale(metric):+z,.{digits}f}"


def unit(metric: str) -> str:
    """Return what follows an amount."""
    return " points" if metric == ACCURACY else " in mean absolute error"


def side(number: float) -> str:
    """Return where the second of two is; more is better."""
    return "behind" if number < 0 else "ahead"


def ends(low: float, high: float, shown: tuple[str, str]) -> str:
    """Return an interval whose ends are ``shown`` as amounts; across zero each says its side."""
    first, last = shown
    if low < 0 < high:
        return f"{first} behind to {last} ahead"
    return f"{first} to {last}" if low >= 0 else f"{last} to {first}"
