"""Which values of a batch of rows break which rule, as pandera says it.

A quick look at each column as a whole tells which are for pandera to explain, so that good data
cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from ..contract.contract import Kind
from .rules import Rules, allowed, is_fine

if TYPE_CHECKING:
    import pandera.polars as pa

MOST_COLUMNS = 50  # at once: pandera's time grows with their square
MOST_CELLS = 500_000  # at once: each may become a row of pandera's report
MISSING_VALUE = "missing"
REPORT = pl.Schema({"row": pl.Int64, "column": pl.String, "rule": pl.String})


def broken(views: pl.DataFrame, all_rules: Sequence[Rules]) -> pl.DataFrame:
    """Return which rows break which rule: row (from 0), column, rule; each value breaks one.

    Args:
        views: a batch of rows; a column for each of ``all_rules``, in their order.
        all_rules: what the columns must be.
    """
    parts = _in_doubt(views, all_rules)
    return pl.concat([REPORT.to_frame(), *(report(views, part) for part in parts)])


def report(views: pl.DataFrame, all_rules: Sequence[Rules]) -> pl.DataFrame:
    """Return the same as ``broken``, from pandera alone."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    frame = pl.DataFrame({str(i): views[rules.name] for i, rules in enumerate(all_rules)})
    try:
        # Without this, pandera checks the types of a polars frame but not its values.
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            _schema(all_rules).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return _as_report(errors.failure_cases, all_rules)
    return REPORT.to_frame()


def _in_doubt(views: pl.DataFrame, all_rules: Sequence[Rules]) -> Iterator[list[Rules]]:
    """Yield the rules of the columns that break any, a few at a time."""
    fine = views.select(is_fine(rules) for rules in all_rules).row(0)
    doubtful = [rules for rules, good in zip(all_rules, fine, strict=True) if not good]
    width = max(1, min(MOST_COLUMNS, MOST_CELLS // max(1, views.height)))
    for start in range(0, len(doubtful), width):
        yield doubtful[start : start + width]


def _schema(all_rules: Sequence[Rules]) -> pa.DataFrameSchema:
    """Return the schema of views that are named 0, 1, ...: pandera reads a name as a pattern."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        {str(i): _schema_of(rules) for i, rules in enumerate(all_rules)}, strict=True
    )


def _schema_of(rules: Rules) -> pa.Column:
    import pandera.polars as pa

    column, checks = rules.column, list[pa.Check]()
    if column.kind is Kind.number:
        checks = [pa.Check(_is_number, error="type"), pa.Check(_is_finite, error="finite")]
        checks += [] if column.min is None else [pa.Check.ge(column.min, error="range")]
        checks += [] if column.max is None else [pa.Check.le(column.max, error="range")]
    elif column.kind is Kind.time:
        checks = [pa.Check.eq(value=True, error="type")]
    elif known := allowed(column):
        error = "values" if column.kind is Kind.category else "type"
        checks = [pa.Check.isin(known, error=error)]
    dtype = {Kind.number: pl.Float64, Kind.time: pl.Boolean}.get(column.kind, pl.String)
    return pa.Column(dtype, checks, nullable=not rules.required)


def _is_number(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key).is_not_nan())


def _is_finite(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(~pl.col(data.key).is_infinite())


def _as_report(cases: pl.DataFrame, all_rules: Sequence[Rules]) -> pl.DataFrame:
    """Return one line for each broken value: the first of its checks in the order of the schema."""
    names = {str(i): rules.name for i, rules in enumerate(all_rules)}
    first = cases.sort("check_number", nulls_last=True, maintain_order=True).unique(
        ["column", "index"], keep="first", maintain_order=True
    )
    return first.select(
        row=pl.col("index").cast(pl.Int64),
        column=pl.col("column").replace_strict(names, return_dtype=pl.String),
        rule=pl.col("check").replace("not_nullable", MISSING_VALUE),
    ).sort("row", "column")
