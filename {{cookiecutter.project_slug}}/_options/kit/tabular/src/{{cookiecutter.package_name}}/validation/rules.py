"""The rules of a contract on the values of one column, and a quick look at whether they are kept.

What the rules look at is a view of each column: numbers with NaN where there is text instead, text
for categories and booleans, and for times whether they are any. Null is a missing value everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ..contract.casting import BOOLEANS, Frame, column_named, is_native, parsed, texts
from ..contract.contract import Column, Kind, listed

EXPECTED = {
    Kind.number: "a number",
    Kind.boolean: "true or false",
    Kind.time: "a time (ISO 8601)",
}


@dataclass(frozen=True)
class Rules:
    """What the values of one column must be."""

    name: str
    column: Column
    required: bool  # never missing

    def expected(self, rule: str) -> str:
        """Say what the rule of this name asks for."""
        column, kind = self.column, self.column.kind
        if rule == "range":
            low = "any" if column.min is None else f"{column.min:.15g}"
            high = "any" if column.max is None else f"{column.max:.15g}"
            return f"{low} to {high} {column.unit or ''}".rstrip()
        if rule == "values":
            return f"one of {listed(column.values or (), 8)}"
        return {"type": EXPECTED.get(kind), "finite": "a finite number"}.get(rule) or "a value"


def overview(table: pl.LazyFrame, all_rules: Sequence[Rules]) -> tuple[dict[str, int], list[Rules]]:
    """Return the number of missing values of each column, and the rules of those that break any.

    Reads raw rows once, in bounded memory, on all cores.
    """
    seen = views(table, all_rules)
    fine = [is_fine(rules).alias(f"fine {place}") for place, rules in enumerate(all_rules)]
    missing = [
        column_named(rules.name).null_count().alias(f"missing {place}")
        for place, rules in enumerate(all_rules)
    ]
    found = seen.select(*fine, *missing).collect(engine="streaming").row(0)
    counts = {rules.name: n for rules, n in zip(all_rules, found[len(fine) :], strict=True)}
    return counts, [rules for rules, good in zip(all_rules, found, strict=False) if not good]


def views(table: Frame, all_rules: Sequence[Rules]) -> Frame:
    """Return what the rules look at, from raw rows."""
    schema = table.collect_schema()
    values = texts(table, {rules.name: rules.column for rules in all_rules})
    return values.select(
        _view_of_native(rules)
        if is_native(rules.column, schema[rules.name])
        else _view_of_text(rules)
        for rules in all_rules
    )


def _view_of_native(rules: Rules) -> pl.Expr:
    value = column_named(rules.name)
    if rules.column.kind is Kind.time:
        value = pl.when(value.is_not_null()).then(pl.lit(value=True))
    return value.alias(rules.name)


def _view_of_text(rules: Rules) -> pl.Expr:
    column, written = rules.column, column_named(rules.name)
    value = parsed(rules.name, column)
    if column.kind is Kind.time:
        value = pl.when(written.is_not_null()).then(value.is_not_null())
    if column.kind is Kind.boolean:
        value = pl.coalesce(value, written)
    if column.kind is Kind.number:
        value = pl.coalesce(value, pl.when(written.is_not_null()).then(math.nan))
    return value.alias(rules.name)


def is_fine(rules: Rules) -> pl.Expr:
    """Whether no value of the column breaks a rule; null does not count, unless it must not be."""
    values, column = column_named(rules.name), rules.column
    if column.kind is Kind.number:
        low = -math.inf if column.min is None else column.min
        high = math.inf if column.max is None else column.max
        fine = (values.is_finite() & values.is_between(low, high)).all()
    elif column.kind is Kind.time:
        fine = values.all()
    elif known := allowed(column):
        fine = values.is_in(known).all()
    else:
        fine = pl.lit(value=True)
    return (fine & (values.null_count() == 0) if rules.required else fine).alias(rules.name)


def allowed(column: Column) -> list[str]:
    """Return the only values that the column may have; none: any."""
    return [*BOOLEANS] if column.kind is Kind.boolean else [*(column.values or ())]
