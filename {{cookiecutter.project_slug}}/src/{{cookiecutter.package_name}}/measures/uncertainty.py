"""How numbers get their intervals: the settings that every measurement shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Uncertainty:
    """Settings of all intervals of one evaluation."""

    level: float  # of every interval
    resamples: int  # of every bootstrap
    seed: int
    margin: float  # smallest difference that matters: of accuracy, or a share of an error
    test_share: float = 0.0  # test rows of a fold over its training rows; 0 without folds

    @property
    def bootstrap(self) -> dict[str, Any]:
        """What the functions of stats/bootstrap.py take."""
        return {"level": self.level, "resamples": self.resamples, "seed": self.seed}
