"""From outcomes to points: what each item is worth now, and in a scheduled run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from project_tools.score.catalogue import FULL, HALF, ITEMS, SECTIONS, Item, Part
from project_tools.score.marks import DEMO, Mark
from project_tools.score.outcomes import PASSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_NAMES = 3  # of tests, in a line
# The paper's table (2017): above the first number, up to and with the second.
BANDS = (
    (0.0, "more of a research project than a productionized system"),
    (1.0, "not totally untested, but serious holes in reliability are possible"),
    (2.0, "a first pass at basic productionization; more may be needed"),
    (3.0, "reasonably tested; more of the tests and procedures may be automated"),
    (5.0, "strong levels of automated testing and monitoring"),
    (7.0, "exceptional levels of automated testing and monitoring"),
)


@dataclass(frozen=True)
class Shown:
    """Whether something is shown, and by what; or why not."""

    holds: bool
    told: str


@dataclass(frozen=True)
class Line:
    """What one item is worth."""

    item: Item
    now: float
    projected: float
    told: str

    @property
    def advice(self) -> str:
        """What to do for more; nothing where there is no more."""
        return self.item.advice if self.projected < FULL else ""


def by_tests(
    item: Item, marks: Iterable[Mark], outcomes: Mapping[str, str], *, example: bool
) -> Shown:
    """Whether all tests with the item's mark ran and passed: one that did not is one too many."""
    own = [mark for mark in marks if mark.item == item.name]
    if not own:
        return Shown(False, "no test has its mark")
    if not example and (demo := [mark.test for mark in own if mark.scope == DEMO]):
        return Shown(False, f"about the example's data: {_names(demo)}")
    bad = [mark.test for mark in own if outcomes.get(mark.test) != PASSED]
    if bad:
        came = {outcomes.get(test, "did not run") for test in bad}
        return Shown(False, f"{len(bad)} of {len(own)} {'/'.join(sorted(came))}: {_names(bad)}")
    return Shown(True, f"{len(own)} {'test' if len(own) == 1 else 'tests'}")


def line_of(item: Item, tests: Shown, record: Shown, *, repeated: bool) -> Line:
    """Points: half for tests that somebody ran, one for those of a schedule, half for a record."""
    shown = item.most if tests.holds else 0.0
    written = HALF if record.holds else 0.0
    now = max(shown if repeated else min(shown, HALF), written)
    if record.holds and tests.holds:
        told = f"{tests.told}; {record.told}"
    elif record.holds or (record.told and "mark" in tests.told):
        told = record.told
    else:
        told = "; ".join(one for one in (tests.told, record.told) if one)
    return Line(item, now, max(shown, written), told)


def without(item: Item, part: Part) -> Line:
    """An item of a part that the project does not have."""
    return Line(item, 0.0, 0.0, part.told)


def sections(points: Mapping[str, float]) -> dict[str, float]:
    """The sum of each section."""
    sums = dict.fromkeys(SECTIONS, 0.0)
    for item in ITEMS:
        sums[item.section] += points.get(item.name, 0.0)
    return sums


def weakest(sums: Mapping[str, float]) -> str:
    """The section whose sum is the score."""
    return min(sums, key=lambda section: sums[section])


def band(score: float) -> str:
    """What a score means."""
    return next(name for most, name in BANDS if score <= most)


def _names(tests: list[str]) -> str:
    shown = ", ".join(test.removeprefix("tests/") for test in tests[:MOST_NAMES])
    return f"{shown}, ..." if len(tests) > MOST_NAMES else shown
