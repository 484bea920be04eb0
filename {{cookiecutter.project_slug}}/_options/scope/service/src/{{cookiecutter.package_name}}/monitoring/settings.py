"""The types of conf/monitoring.yaml, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime.errors import check
from ..serving.settings import read_root

FEWEST_ROWS = 100


@dataclass
class Settings:
    """When served rows are said to have changed."""

    served: str
    labels: str | None
    rows: int  # of a window; an alarm needs the last two
    level: float
    distance: float
    margin: float
    days: float  # after which a model in use is called stale

    def __post_init__(self) -> None:
        check(self.rows >= FEWEST_ROWS, "rows", self.rows, f"{FEWEST_ROWS} or more")
        for name in ("level", "distance", "margin"):
            value = getattr(self, name)
            check(0 < value < 1, name, value, "a share between 0 and 1")
        check(self.days > 0, "days", self.days, "a number above 0")


def read(words: list[str]) -> Settings:
    """Return the settings with ``words`` such as rows=1000.

    Raises:
        UserError, or errors of OmegaConf that ``guarded`` explains.
    """
    return read_root("monitor", Settings, "monitoring.yaml", words)
