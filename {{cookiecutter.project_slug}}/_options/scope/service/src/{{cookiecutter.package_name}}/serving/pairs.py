"""Two models on the same requests: does the second one differ too much, or is it too slow?

It is asked again and again while requests come, so each look spends half of what the one before
it did: together they raise a false alarm as seldom as one look would (Robbins 1970 and later).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..stats.paired import worse_than_p

FIRST, MOST = 64, 2**15  # pairs at the first look, and when counting begins anew
LEVEL = 0.05  # false alarms of a candidate at its limits, all looks and both questions together


@dataclass(frozen=True)
class Limits:
    """What a candidate may not exceed on average."""

    differs: float  # share of rows with another class, or |difference| in standard deviations
    slower: float  # its seconds, divided by those of the model in use


class Pairs:
    """What both models did with the same requests; each request counts once, whatever its rows."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._begin()

    def _begin(self) -> None:
        self._differs: list[float] = []
        self._ratios: list[float] = []  # logarithms
        self._values: list[float] = []  # mean prediction of the model in use, where it is a number
        self._next, self._level = FIRST, LEVEL / 4

    def __len__(self) -> int:
        return len(self._differs)

    def add(self, ours: list[Any], theirs: list[Any], ratio: float) -> None:
        """Keep what both said of the rows of a request.

        Args:
            ours: predictions of the model in use: names of classes, or numbers.
            theirs: those of the candidate.
            ratio: the candidate's seconds, divided by those of the model in use.
        """
        if len(self) >= MOST:
            self._begin()
        pairs = list(zip(ours, theirs, strict=True))
        if isinstance(ours[0], str):
            differs = [float(one != other) for one, other in pairs]
        else:
            differs = [abs(one - other) for one, other in pairs]
            self._values += ours[:1]
        self._differs.append(sum(differs) / len(differs))
        self._ratios.append(math.log(ratio))

    @property
    def differs(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """How much both differ on each request."""
        spread = float(np.std(self._values)) if self._values else 1.0
        return np.asarray(self._differs) / max(spread, np.finfo(float).tiny)

    @property
    def ratio(self) -> float:
        """How long the candidate takes, the geometric mean of the ratios."""
        return math.exp(float(np.mean(self._ratios)))

    def problem(self) -> str:
        """Say what is too much for sure, when it is time to look; otherwise nothing."""
        if len(self) < self._next:
            return ""
        level, limits = self._level, self.limits
        self._next, self._level = 2 * self._next, level / 2
        if worse_than_p(-self.differs, limits.differs) < level:
            return (
                f"it differs by {self.differs.mean():.3g} on {len(self):,} requests, for sure by "
                f"more than {limits.differs:g} (candidate_differs)"
            )
        if worse_than_p(-np.asarray(self._ratios), math.log(limits.slower)) < level:
            return (
                f"it takes {self.ratio:.3g} times as long on {len(self):,} requests, for sure more "
                f"than {limits.slower:g} times (candidate_slower)"
            )
        return ""
