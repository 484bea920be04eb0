"""The types of the group `gate`: what a new model must keep to, beside being better."""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime.errors import check

FEWEST_PROCESSES = 6  # of fewer pairs all agree by luck too often


@dataclass
class Gate:
    """Limits of the guards; the margin and the level are those of ``evaluation``."""

    corruption_ratio: float
    nll_margin: float
    latency_ratio: float | None
    processes: int  # fresh ones of each model, in turn, that measure the latency
    experiment: str | None

    def __post_init__(self) -> None:
        for name in ("corruption_ratio", "latency_ratio"):
            value = getattr(self, name)
            expected = "a ratio of 1 or more"
            check(value is None or value >= 1, f"gate.{name}", value, expected)
        check(self.nll_margin > 0, "gate.nll_margin", self.nll_margin, "a number above 0")
        expected = f"{FEWEST_PROCESSES} or more"
        check(self.processes >= FEWEST_PROCESSES, "gate.processes", self.processes, expected)
