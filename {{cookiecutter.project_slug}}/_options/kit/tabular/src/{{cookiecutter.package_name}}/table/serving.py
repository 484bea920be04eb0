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
    known = {name: _column(facts) for name, facts in columns.items()}
    schema = table.collect_schema()
    for name in known:
        if name not in schema:
            hint = nearest(name, schema)
            raise UserError(f"{name}: no such column, and the model needs it. {hint}")
    rows = table.select([column(name) for name in known]).collect()
    written, typed = texts(rows, known), as_typed(rows, known)
    for name, facts in known.items():
        # Renamed: polars reads a series' own name as a pattern, too.
        pair = pl.DataFrame([written[name].rename("written"), typed[name].rename("typed")])
        lost = pl.col("written").is_not_null() & pl.col("typed").is_null()
        wrong = pair.filter(lost)["written"]
        if len(wrong):
            raise UserError(
                f"{name}: {len(wrong)} values are no {facts.kind.value}, which the model expects, "
                f"such as {wrong[0]!r}."
            )
    return typed


def how_read(column: Column) -> dict[str, Any]:
    """Return what a model folder keeps of a column: how its values are read, and what they are."""
    read = {"kind": column.kind.value, "decimal_comma": column.decimal_comma}
    return read | {"unit": column.unit, "sensitive": column.sensitive}


def _column(facts: dict[str, Any]) -> Column:
    return Column(Kind(facts["kind"]), decimal_comma=facts["decimal_comma"])
