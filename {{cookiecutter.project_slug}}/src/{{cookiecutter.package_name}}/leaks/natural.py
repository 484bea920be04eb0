"""Which equal rows are no surprise: by nature some are equal to others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANCE = 1e-3  # of a finding where there is none
IMPURE = 0.05  # of what is found may be chance
SAFETY = 300  # times that the chances may be larger than estimated: natural tables needed up to 58

Floats = NDArray[np.float64]


def unnatural(expected: Floats, looked_at: float, safety: float = SAFETY) -> NDArray[np.bool_]:
    """Say which of the rows that were found equal to another are too many to be chance.

    They are, if there is a k such that k or more rows with so few expected twins, among all those
    looked at, had a chance below 0.1 % (Poisson), were every expected number ``safety`` times too
    small. The rows named are as many as leave at most 5 % of them to chance, or else those k.

    Args:
        expected: twins of each row found, (rows found,).
        looked_at: rows among which they were found.
        safety: how far the expected numbers are not trusted.
    """
    from scipy.special import gammaincinv

    order = np.argsort(expected, kind="stable")
    count = np.arange(1, len(order) + 1)
    by_chance = safety * max(1.0, looked_at) * expected[order]
    enough = np.flatnonzero(by_chance <= gammaincinv(count, CHANCE))
    pure = np.flatnonzero(by_chance <= IMPURE * count)
    chosen = np.zeros(len(order), dtype=np.bool_)
    if len(enough):
        last = min(enough[-1], pure[-1]) if len(pure) else enough[-1]
        chosen[order[: last + 1]] = True
    return chosen
