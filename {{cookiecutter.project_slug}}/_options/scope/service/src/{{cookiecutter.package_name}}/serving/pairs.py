"""Two models on the same requests: does the second one differ too much, or is it too slow?

It is asked again and again while requests come, so each look spends half of what the one before
it did: together they raise a false alarm as seldom as one look would (alpha spending; Lan and
DeMets 1983).
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

    differs: float  # share of rows with another class, or |difference| in units of ``scale``
    slower: float  # its seconds, divided by those of the model in use


class Pairs:
    """What both models did with the same requests; each request counts once, whatever its rows.

    Args:
        limits: what is too much.
        scale: of differences between values: the standard deviation of the target. It must not
            come from these requests: then it would be as uncertain as what it divides.
    """

    def __init__(self, limits: Limits, scale: float = 1.0) -> None:
        self.limits, self.scale = limits, scale
        self._level = LEVEL / 4
        self._begin()

    def _begin(self) -> None:
        self._differs: list[float] = []
        self._ratios: list[float] = []  # logarithms
        self._next = FIRST

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
            self._begin()  # what was spent of the level stays spent
        pairs = list(zip(ours, theirs, strict=True))
        if isinstance(ours[0], str):
            differs = [float(one != other) for one, other in pairs]
        else:
            differs = [abs(one - other) / self.scale for one, other in pairs]
        self._differs.append(sum(differs) / len(differs))
        self._ratios.append(math.log(ratio))

    @property
    def about(self) -> dict[str, Any]:
        """How the candidate does so far."""
        if not self._differs:
            return {"pairs": 0}
        slower = math.exp(float(np.mean(self._ratios)))
        return {"pairs": len(self), "differs": float(np.mean(self._differs)), "slower": slower}

    def problem(self) -> str:
        """Say what is too much for sure, when it is time to look; otherwise nothing."""
        if len(self) < self._next:
            return ""
        level, limits, found = self._level, self.limits, self.about
        self._next, self._level = 2 * self._next, level / 2
        if worse_than_p(-np.asarray(self._differs), limits.differs) < level:
            return (
                f"it differs by {found['differs']:.3g} on {len(self):,} requests, for sure by "
                f"more than {limits.differs:g} (candidate_differs)"
            )
        if worse_than_p(-np.asarray(self._ratios), math.log(limits.slower)) < level:
            return (
                f"it takes {found['slower']:.3g} times as long on {len(self):,} requests, for sure "
                f"more than {limits.slower:g} times (candidate_slower)"
            )
        return ""
