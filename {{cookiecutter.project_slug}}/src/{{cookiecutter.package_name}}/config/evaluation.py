"""The types of the group `evaluation`: how sure numbers are, and what is looked at beside them."""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime.errors import check
from .kit import Behaviour
from .training import check_counts


@dataclass
class Slice:
    """Rows that have something in common, and that must not fare worse than the others."""

    name: str  # what the report calls it
    where: str  # an SQL condition over the facts of a row and its `target`
    reason: str  # why it matters how the model does there
    least_rows: int  # with fewer rows the slice is not measured
    margin: float  # as `evaluation.margin`, for these rows

    def __post_init__(self) -> None:
        place = f"evaluation.slices, {self.name}"
        for key in ("name", "where", "reason"):
            text = getattr(self, key)
            check(bool(text.strip()), f"{place}: {key}", text, "a few words")
        check_counts(self, place, "least_rows")
        check(0 < self.margin < 1, f"{place}: margin", self.margin, "a share between 0 and 1")


@dataclass
class Robustness:
    """How many rows are corrupted to see how well the model stands it."""

    rows: int  # of the test set that are corrupted, at most; 0: none

    def __post_init__(self) -> None:
        check(self.rows >= 0, "evaluation.robustness.rows", self.rows, "0 or more")


@dataclass
class Evaluation:
    """How uncertain numbers are reported, and on which rows the model is looked at more closely."""

    level: float  # confidence of every interval
    resamples: int  # draws of every bootstrap
    margin: float  # the smallest difference that matters: accuracy, or a share of the error
    slices: list[Slice]
    sensitive: list[str]  # facts of a row whose every value is measured as a group
    robustness: Robustness
    behaviour: Behaviour

    def __post_init__(self) -> None:
        check(0.5 <= self.level < 1, "evaluation.level", self.level, "a share from 0.5 to below 1")
        check(self.resamples >= 100, "evaluation.resamples", self.resamples, "100 or more")
        check(0 < self.margin < 1, "evaluation.margin", self.margin, "a share between 0 and 1")
        names = {"slices": [one.name for one in self.slices], "sensitive": self.sensitive}
        for key, given in names.items():
            again = sorted({name for name in given if given.count(name) > 1})
            check(not again, f"evaluation.{key}", ", ".join(again), "each name once")
