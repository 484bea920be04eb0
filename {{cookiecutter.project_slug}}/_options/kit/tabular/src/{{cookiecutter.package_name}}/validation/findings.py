"""Which rules a table breaks: how often, where first, and in which rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from .report import REPORT

MOST_EXAMPLES = 5  # of a rule
MOST_KEPT = 5_000_000  # broken values, in memory
MISSING_SHARE, UNIQUE = "missing share", "unique"


@dataclass(frozen=True)
class Example:
    """One value that breaks a rule."""

    row: int  # from 1, as in the file; the header does not count
    value: str
    file: str | None = None  # where the table is of several


@dataclass(frozen=True)
class Violation:
    """One rule that one column breaks."""

    column: str
    rule: str  # type, finite, range, values, missing, missing share, unique
    expected: str
    rows: int  # that break it
    examples: tuple[Example, ...] = ()  # the first

    @property
    def of_table(self) -> bool:
        """Whether the table breaks it as a whole, so that no rows can be set aside for it."""
        return self.rule == MISSING_SHARE


@dataclass
class Findings:
    """What was found in a table so far."""

    violations: dict[tuple[str, str], Violation] = field(default_factory=dict)
    keeps_rows: bool = False
    bad_rows: list[pl.DataFrame] = field(default_factory=list)  # row (from 0), column, rule
    kept: int = 0  # rows in ``bad_rows``, had there been room

    def add(self, violation: Violation) -> None:
        """Count ``violation`` with the one of the same rule found before."""
        key = violation.column, violation.rule
        before = self.violations.get(key, replace(violation, rows=0, examples=()))
        self.violations[key] = replace(
            before,
            rows=before.rows + violation.rows,
            examples=(*before.examples, *violation.examples)[:MOST_EXAMPLES],
        )

    def keep(self, rows: pl.DataFrame) -> None:
        """Remember which ``rows`` (as in ``REPORT``) are bad, if anybody wants to know."""
        self.kept += rows.height
        if self.keeps_rows and rows.height and not self.overflowed:
            self.bad_rows.append(rows.select(REPORT.names()))

    @property
    def overflowed(self) -> bool:
        """Whether there was no room to keep all bad rows."""
        return self.kept > MOST_KEPT

    def listed(self, order: Mapping[str, int], shards: Mapping[str, int]) -> list[Violation]:
        """Return the violations by the ``order`` of their columns, placed in their files."""
        found = sorted(self.violations.values(), key=lambda each: order[each.column])
        return [
            replace(each, examples=tuple(_located(one, shards) for one in each.examples))
            for each in found
        ]


def _located(example: Example, shards: Mapping[str, int]) -> Example:
    """Say which file the row is in, and where in that; ``shards`` are rows a file, in order."""
    row = example.row
    for name, rows in shards.items():
        if row <= rows:
            return replace(example, row=row, file=name)
        row -= rows
    return example
