"""A candidate against the model in use, on the same served rows, once their labels have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ..serving.recorder import ID
from ..stats import verdict
from ..stats.intervals import Interval
from ..stats.paired import bonett_price, paired_bootstrap
from ..stats.verdict import FEWEST_ROWS
from .columns import PREDICTION
from .quality import errors_of

WORSE = "worse"  # a verdict


@dataclass(frozen=True)
class Contest:
    """How much better a candidate's answers were: the difference of the errors, and a verdict."""

    version: str | None
    model_hash: str
    rows: int
    gain: Interval  # in accuracy, or in mean absolute error
    verdict: str  # as reports call it: better, worse, no_difference, too_few_rows

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        more = {"version": self.version, "model_hash": self.model_hash, "rows": self.rows}
        return {**more, "gain": self.gain.as_dict(), "verdict": self.verdict}

    @property
    def told(self) -> str:
        """Say it in a line."""
        gain = f"{self.gain.value:+.3g} [{self.gain.low:+.3g}, {self.gain.high:+.3g}]"
        said = self.verdict.replace("_", " ")
        name = f"version {self.version}" if self.version else self.model_hash[:12]
        return f"candidate {name}: {said}, {gain} on {self.rows:,} rows"


def contests(recorded: pl.DataFrame, labels: pl.DataFrame, level: float) -> list[Contest]:
    """Compare each candidate with the model that was in use, on rows that both predicted.

    Args:
        recorded: what `serve` kept of all models.
        labels: id and label.
        level: how often two equal models may be told apart.
    """
    if "candidate" not in recorded.columns:
        return []
    kept = recorded.sort("time").select(ID, "model_hash", "version", "candidate", PREDICTION)
    labelled = kept.join(labels, on=ID, how="inner", maintain_order="left")
    tried, ours = (labelled.filter(candidate=is_tried) for is_tried in (True, False))
    others = ours.select(ID, in_use=PREDICTION)
    pairs = tried.join(others, on=ID, how="inner", maintain_order="left")
    return [_contest(rows, level) for _, rows in pairs.group_by("model_hash", maintain_order=True)]


def _contest(rows: pl.DataFrame, level: float) -> Contest:
    """Compare on the first 300 rows, 600, 1,200 ...: each look spends half of the level left.

    So whoever asks every hour until something is found is right as often as who asks once.
    """
    looks = (rows.height // FEWEST_ROWS).bit_length()
    judged = rows.head(FEWEST_ROWS * 2 ** (looks - 1)) if looks else rows
    level = level / 2 ** max(looks, 1)
    theirs = errors_of(judged[PREDICTION], judged["label"])
    ours = errors_of(judged["in_use"], judged["label"])
    if judged[PREDICTION].dtype.is_numeric():
        tables = ours[:, None], theirs[:, None]
        gain = paired_bootstrap(*tables, lambda means: means[..., 0], level=1 - level)
    else:
        gained, lost = int((ours > theirs).sum()), int((theirs > ours).sum())
        gain = bonett_price(gained, lost, judged.height, 1 - level)
    limits = {"low": gain.low, "high": gain.high}
    said = verdict.decide({"in use": limits}, "in use", judged.height, 1 - level)
    return Contest(rows["version"][0], rows["model_hash"][0], judged.height, gain, said)
