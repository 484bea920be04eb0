"""The score of a project: every item, the sections, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from project_tools.replacement import has_data
from project_tools.score import evidence, scoring
from project_tools.score.catalogue import ITEMS, Item
from project_tools.score.marks import marks_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from project_tools.score.evidence import Evidence
    from project_tools.score.outcomes import Outcomes, Run
    from project_tools.score.scoring import Line


@dataclass(frozen=True)
class Card:
    """What all items are worth. ``now`` and ``projected`` are the sums of the sections."""

    outcomes: Outcomes
    repeated: bool
    example: bool
    lines: list[Line]

    @property
    def run(self) -> Run:
        """Where the tests ran."""
        return self.outcomes.run

    @property
    def now(self) -> dict[str, float]:
        """The sections with the points there are."""
        return scoring.sections({line.item.name: line.now for line in self.lines})

    @property
    def projected(self) -> dict[str, float]:
        """The sections with the points that the same outcomes bring in a scheduled run."""
        return scoring.sections({line.item.name: line.projected for line in self.lines})

    @property
    def score(self) -> float:
        """The smallest section."""
        return min(self.now.values())

    @property
    def weakest(self) -> str:
        """The section that holds the score down, once everything is run on a schedule."""
        return scoring.weakest(self.projected)

    def next_steps(self) -> list[Line]:
        """What would raise the weakest section, the cheapest first: what is there and fails."""
        own = [line for line in self.lines if line.item.section == self.weakest and line.advice]
        return sorted(own, key=lambda line: (line.projected > 0, "no test has" in line.told))


def card_of(project: Path, outcomes: Outcomes, now: datetime) -> Card:
    """Score a project by what came of its tests.

    Raises:
        ScoreError: when a mark or the evidence is not what it should be.
    """
    marks, records = marks_in(project), evidence.load(project)
    example = not has_data(project)
    came = {mark.test: outcomes.of(mark.test) for mark in marks}
    repeated = outcomes.run.is_repeated(now)
    lines: list[Line] = []
    for item in ITEMS:
        if item.part and not any(any(project.glob(file)) for file in item.part.files):
            lines.append(scoring.without(item, item.part))
            continue
        tests = scoring.by_tests(item, marks, came, example=example)
        record = by_record(item, records, project, now, example)
        lines.append(scoring.line_of(item, tests, record, repeated=repeated))
    return Card(outcomes, repeated, example, lines)


def by_record(
    item: Item, records: Sequence[Evidence], project: Path, now: datetime, example: bool
) -> scoring.Shown:
    """Whether a document about an item is there and has not expired."""
    told = ""
    for one in records:
        if one.item != item.name:
            continue
        told = one.problem(project, now.date(), example)
        if not told:
            return scoring.Shown(True, f"{one.record}, until {one.expires}")
    return scoring.Shown(False, told)
