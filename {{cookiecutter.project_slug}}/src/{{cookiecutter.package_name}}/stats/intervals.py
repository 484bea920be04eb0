"""An interval beside its value, and that of a share of rows.

Rows are taken as independent: where several come from one person or document, `bootstrap_means`
with groups is the interval to use, since the others are too narrow.
"""

from dataclasses import dataclass
from typing import Any

from . import require


@dataclass(frozen=True)
class Interval:
    """A value, the ends of its interval, how the ends were found, and from how many rows."""

    value: float
    low: float
    high: float
    method: str
    rows: int

    def as_dict(self) -> dict[str, Any]:
        """Plain Python values, ready for JSON."""
        numbers = {"value": float(self.value), "low": float(self.low), "high": float(self.high)}
        return {**numbers, "method": self.method, "rows": self.rows}


def wilson(successes: int, rows: int, level: float = 0.95) -> Interval:
    """Score interval of a proportion (Wilson 1927).

    It keeps its coverage near 0 and 1, where the usual value +- 2 standard errors does not
    (Brown, Cai & DasGupta 2001).
    """
    from scipy.stats import binomtest  # here: this import takes longer than all the rest

    rows = require.count("rows", rows, least=1)
    successes = require.at_most("successes", require.count("successes", successes), rows)
    bounds = binomtest(successes, rows).proportion_ci(require.level(level), method="wilson")
    return Interval(successes / rows, float(bounds.low), float(bounds.high), "Wilson", rows)
