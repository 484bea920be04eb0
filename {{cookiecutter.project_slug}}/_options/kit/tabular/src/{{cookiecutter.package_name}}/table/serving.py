"""Rows to predict: read as those of training were, by the columns that the model folder names."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..contract.casting import as_typed, texts
from ..contract.contract import Column, Kind
from ..runtime.errors import UserError, nearest
from .encoding import column


def readable(table: pl.LazyFrame, columns: dict[str, Any]) -> pl.DataFrame:
    """Return the typed ``columns`` of ``table``.

    Raises:
        UserError: when a column is missing, or holds a value that is not of its kind.
    """
    schema = table.collect_schema()
    for name in columns:
        if name not in schema:
            hint = nearest(name, schema)
            raise UserError(f"{name}: no such column, and the model needs it. {hint}")
    rows = table.select([column(name) for name in columns]).collect()
    typed, lost = _typed(rows, columns)
    for name, (wrong, values) in lost.items():
        raise UserError(
            f"{name}: {wrong.sum()} values are no {columns[name]['kind']}, which the model "
            f"expects, such as {values.filter(wrong)[0]!r}."
        )
    return typed


def sorted_out(rows: pl.DataFrame, columns: dict[str, Any]) -> tuple[pl.DataFrame, pl.Series]:
    """Return the typed ``columns`` of ``rows``, and why a row cannot be read: null if it can."""
    typed, lost = _typed(rows, columns)
    reasons: list[str | None] = [None] * rows.height
    for name, (wrong, values) in lost.items():
        for place in wrong.arg_true():
            told = f"{name}={values[place]}: no {columns[name]['kind']}"
            reasons[place] = f"{reasons[place]}; {told}" if reasons[place] else told
    return typed, pl.Series(reasons, dtype=pl.String)


def _typed(
    rows: pl.DataFrame, columns: dict[str, Any]
) -> tuple[pl.DataFrame, dict[str, tuple[pl.Series, pl.Series]]]:
    """The typed columns, and of each with unreadable values which those are, and its text."""
    known = {name: _column(facts) for name, facts in columns.items()}
    written, typed = texts(rows, known), as_typed(rows, known)
    lost: dict[str, tuple[pl.Series, pl.Series]] = {}
    for name in known:
        # Renamed: polars reads a series' own name as a pattern, too.
        text, value = written[name].alias("text"), typed[name].alias("value")
        wrong = text.is_not_null() & value.is_null()
        if wrong.any():
            lost[name] = wrong, text
    return typed, lost


def how_read(column: Column) -> dict[str, Any]:
    """Return what a model folder keeps of a column: how its values are read, and what they are."""
    read = {"kind": column.kind.value, "decimal_comma": column.decimal_comma}
    return read | {"unit": column.unit, "sensitive": column.sensitive}


def _column(facts: dict[str, Any]) -> Column:
    return Column(Kind(facts["kind"]), decimal_comma=facts["decimal_comma"])
