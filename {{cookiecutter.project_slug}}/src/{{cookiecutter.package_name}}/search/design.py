"""Where a search begins: points that fill its space evenly, as random ones do not (Sobol, 1967).

Optuna's own quasi-random sampler learns the space from trials that have ended, so that the first
ones of several workers are random, and leaves choices to chance. A design that is made at once is
the same for any number of workers.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .space import Params, Space


def design(space: Space, points: int, seed: int) -> list[Params]:
    """Return ``points`` parameters, spread over all keys of ``space`` together.

    Source: Bergstra and Bengio (2012) for why not a grid; scipy's scrambled Sobol sequence.
    """
    from scipy.stats.qmc import Sobol

    with warnings.catch_warnings(action="ignore"):  # a number that is no power of two is fine here
        shares = Sobol(len(space), rng=seed).random(points)
    return [
        {key: at(one, float(share)) for (key, one), share in zip(space.items(), row, strict=True)}
        for row in shares
    ]


def at(distribution: Any, share: float) -> Any:
    """Return the value of a distribution below which ``share`` of it lies."""
    if hasattr(distribution, "choices"):
        return distribution.choices[int(share * len(distribution.choices))]
    low, high, step = distribution.low, distribution.high, distribution.step
    whole = type(distribution).__name__ == "IntDistribution"
    if distribution.log:
        half = 0.5 if whole else 0.0  # the values at both ends get their full share
        ends = math.log(low - half), math.log(high + half)
        value = math.exp(ends[0] + share * (ends[1] - ends[0]))
        return min(max(round(value), low), high) if whole else value
    if step is None:
        return low + share * (high - low)
    steps = math.floor((high - low) / step + 1e-9)
    value = low + step * min(int(share * (steps + 1)), steps)
    return value if whole else min(float(value), high)  # 3 x 0.1 is more than 0.3


def place_of(distribution: Any, value: Any) -> float | None:
    """Return where a value lies between the ends, 0 to 1; None for choices."""
    if hasattr(distribution, "choices"):
        return None
    low, high = float(distribution.low), float(distribution.high)
    if distribution.log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)
