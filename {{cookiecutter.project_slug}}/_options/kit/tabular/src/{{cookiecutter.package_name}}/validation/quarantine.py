"""Rows that break the contract, set aside from those that keep it."""

from __future__ import annotations

from itertools import chain, count

import polars as pl

from ..contract.contract import Contract
from ..runtime.errors import UserError
from .batches import count_rows
from .explanation import explain
from .findings import Findings
from .report import REPORT
from .validation import inspect

MOST_BAD = 0.5  # of the rows: with more, it is the contract that is wrong, or the source
BROKEN, ROW = "broken_rules\x1f", "row_in_source\x1f"  # no column of a person is called so


def split_bad_rows(
    table: pl.LazyFrame, contract: Contract, *, source: str | None = None
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return the rows that keep the contract, and those that do not.

    Both are lazy and keep the order and the raw columns. Of the bad rows the first column is
    ``row_in_source`` (from 1), and the last ``broken_rules`` ("age: range, id: unique"), with a
    number behind it where the table has such a column. Of rows that share a key all are bad: nobody
    can know which is right.

    Raises:
        UserError: when the table as a whole breaks a rule, or more than half of its rows do.
    """
    place = source or contract.source
    findings = Findings(keeps_rows=True)
    inspect(table, contract, findings, source=source)
    of_table = [each for each in findings.violations.values() if each.of_table]
    if of_table:
        raise UserError(explain(of_table, place))
    bad = pl.concat([REPORT.to_frame(), *findings.bad_rows])
    marks = bad.group_by("row").agg(
        pl.concat_str("column", "rule", separator=": ").sort().str.join(", ").alias(BROKEN)
    )
    rows = count_rows(table)
    if marks.height > MOST_BAD * rows or findings.overflowed:
        message = explain([*findings.violations.values()], place)
        raise UserError(
            f"data.on_bad=quarantine: {findings.kept:,} values of {rows:,} rows break a rule, in "
            f"more than half of the rows: that is no matter of single ones.\n{message}"
        )
    numbered = table.with_row_index(ROW)
    marks = marks.sort("row").with_columns(pl.col("row").cast(pl.get_index_type()).alias(ROW))
    marked = marks.select(ROW, BROKEN).lazy()
    good = numbered.join(marked, on=ROW, how="anti", maintain_order="left").drop(ROW)
    aside = numbered.join(marked, on=ROW, how="inner", maintain_order="left")
    columns = table.collect_schema().names()
    free = {name: _free(name.removesuffix("\x1f"), columns) for name in (ROW, BROKEN)}
    return good, aside.with_columns(pl.col(ROW) + 1).rename(free)


def _free(name: str, columns: list[str]) -> str:
    """Return ``name``, or ``name_2``, ``name_3`` ... where there are such columns."""
    numbered = (f"{name}_{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in columns)
