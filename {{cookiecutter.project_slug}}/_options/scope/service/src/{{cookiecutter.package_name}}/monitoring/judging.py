"""What is found in the windows, and whether it is an alarm."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ..stats.intervals import Interval
from .columns import Reference, window_of
from .comparison import Column, compare, tell_apart
from .contest import WORSE, Contest, contests
from .quality import Quality, quality_of, read_labels
from .settings import Settings

MOST_WINDOWS = 12  # that are looked back at
JUDGED = 2  # the last ones: a column has changed when it has in both


@dataclass(frozen=True)
class Window:
    """Rows that were served one after the other."""

    first: str  # times
    last: str
    rows: int
    columns: list[Column]


@dataclass(frozen=True)
class Labelled:
    """What labels that came later say: of this model, and of candidates."""

    quality: Quality | None  # None: too few
    contests: list[Contest]

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        quality = None if self.quality is None else self.quality.as_dict()
        return {"quality": quality, "candidates": [one.as_dict() for one in self.contests]}

    @property
    def alarms(self) -> list[str]:
        """Say what is worse."""
        found = [one.told for one in self.contests if one.verdict == WORSE]
        if self.quality is not None and self.quality.worse:
            error, before = self.quality.error, self.quality.before
            found.append(f"the answers are worse: error {error:.4g}, on test {before:.4g}")
        return found


@dataclass(frozen=True)
class Findings:
    """What `monitor` tells."""

    windows: list[Window]
    apart: Interval | None  # of the last window from the reference
    labelled: Labelled | None
    age: float  # days since the model came into use
    alarms: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "windows": [asdict(window) for window in self.windows],
            "apart": None if self.apart is None else self.apart.as_dict(),
            **(self.labelled.as_dict() if self.labelled else {}),
            "age_days": self.age,
            "alarms": self.alarms,
        }


def labelled_by(
    settings: Settings, recorded: pl.DataFrame, rows: pl.DataFrame, reference: Reference
) -> Labelled:
    """Return what the labels of ``settings.labels`` say of ``rows``, and of all candidates."""
    labels = read_labels(Path(str(settings.labels)))
    limits = {"level": settings.level, "margin": settings.margin}
    quality = quality_of(rows, labels, reference.errors, **limits)
    return Labelled(quality, contests(recorded, labels, settings.level))


def findings(
    reference: Reference,
    rows: pl.DataFrame,
    labelled: Labelled | None,
    age: float,
    settings: Settings,
) -> Findings:
    """Compare the last windows of served ``rows``, and say what is an alarm."""
    count = min(MOST_WINDOWS, rows.height // settings.rows)
    used = rows.tail(count * settings.rows)
    parts = [used.slice(n * settings.rows, settings.rows) for n in range(count)]
    windows = [_compared(reference, part, settings) for part in parts]
    apart = tell_apart(reference.inputs, window_of(parts[-1])[0]) if parts else None
    alarms = [f"{name} has changed" for name in changed(windows)]
    alarms += labelled.alarms if labelled else []
    if age > settings.days:
        alarms.append(f"the model is stale: in use for {age:.0f} days, more than {settings.days:g}")
    return Findings(windows, apart, labelled, age, alarms)


def changed(windows: list[Window]) -> list[str]:
    """Return the columns that have changed in each of the last windows."""
    if len(windows) < JUDGED:
        return []
    found = [{one.name for one in window.columns if one.changed} for window in windows[-JUDGED:]]
    order = [one.name for one in windows[-1].columns]
    return [name for name in order if all(name in names for names in found)]


def _compared(reference: Reference, part: pl.DataFrame, settings: Settings) -> Window:
    inputs, outputs = window_of(part)
    tables = [(reference.inputs, inputs), (reference.outputs, outputs)]
    columns = compare(tables, level=settings.level, distance=settings.distance)
    return Window(str(part["time"][0]), str(part["time"][-1]), part.height, columns)
