"""Raw columns -> typed ones: the same expressions for training, validation and prediction.

From CSV every value is text, exactly as in the file; Parquet and JSON lines keep their types.
Either way a number becomes Float64, a time Datetime (UTC), everything else String, and what stands
for no value becomes null.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TypeVar

import polars as pl
import polars.selectors as cs

from ..runtime.errors import UserError
from .contract import MISSING, MOST_SHOWN, Column, Contract, Kind, listed, nearest_columns

BOOLEANS = {"true": ("true", "yes"), "false": ("false", "no")}
TIME_FORMATS = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d", "%Y-%m-%d %H:%M")
TIME_ZONE_FORMAT = "%Y-%m-%d %H:%M:%S%.f%#z"
WHOLE = 2.0**53  # up to here a float can be a whole number by intent
NUMBER, TEXT = Column(Kind.number), Column(Kind.text)
Frame = TypeVar("Frame", pl.LazyFrame, pl.DataFrame)


def typed(
    table: pl.LazyFrame,
    contract: Contract,
    *,
    columns: Collection[str] | None = None,
    source: str | None = None,
) -> pl.LazyFrame:
    """Return the columns of ``contract`` as what they are; values that do not cast become null.

    Args:
        table: raw rows.
        contract: what they keep to.
        columns: those to return (``contract.features`` to predict), others in the table are
            dropped; None: all of the contract, and the table has no other.
        source: where the table is from, for messages; None: ``contract.source``.

    Raises:
        UserError: when columns are missing, or there are some that the contract does not know.
    """
    names = check_names(table.collect_schema().names(), contract, columns, source)
    return as_typed(table, {name: contract.columns[name] for name in names})


def as_typed(table: Frame, columns: Mapping[str, Column]) -> Frame:
    """Return ``columns`` as what they are said to be; values that do not cast become null."""
    native = _native(table, columns)
    values = texts(table, columns).select(
        column_named(name) if name in native else parsed(name, column)
        for name, column in columns.items()
    )
    read = {name for name, column in columns.items() if column.kind is Kind.number} - native
    return values.select(
        column_named(name).fill_nan(None) if name in read else column_named(name)
        for name in columns
    )


def texts(table: Frame, columns: Mapping[str, Column]) -> Frame:
    """Return what is of the column's kind by its type, and the rest as text; missing is null.

    Each step is a selection of its own, and none uses its input twice: polars computes what is
    nested and used twice twice, and it takes minutes to plan ``replace`` for a wide table.
    """
    schema, native = table.collect_schema(), _native(table, columns)
    written = table.select(
        _cast(name, schema[name]) if name in native else _written(name, schema[name])
        for name in columns
    )
    never_missing = native | {name for name in columns if schema[name].is_integer()}  # but as null
    return written.select(
        column_named(name) if name in never_missing else _present(column_named(name))
        for name in columns
    )


def text_of(table: Frame, name: str) -> Frame:
    """Return the text of one column, as ``value``."""
    return texts(table, {name: TEXT}).select(column_named(name).alias("value"))


def is_native(column: Column, dtype: pl.DataType) -> bool:
    """Whether values of this type are of the column's kind without being read from text."""
    if column.kind is Kind.time:
        return dtype in (pl.Date, pl.Datetime)
    number = dtype.is_numeric() or dtype in (pl.Boolean, pl.Duration)
    return column.kind is Kind.number and number


def parsed(name: str, column: Column) -> pl.Expr:
    """Return the expression of the typed column from ``texts``; what does not cast is null.

    Only "-nan" and the like become NaN.
    """
    written = column_named(name)
    if column.kind is Kind.number:
        if column.decimal_comma:  # "1.5" is no number then: "1_5" does not cast
            written = written.str.replace(".", "_", literal=True)
            written = written.str.replace(",", ".", literal=True)
        return written.cast(pl.Float64, strict=False)
    if column.kind is Kind.boolean:
        lower = written.str.to_lowercase()
        negative = pl.when(lower.is_in(BOOLEANS["false"])).then(pl.lit("false"))
        positive = pl.when(lower.is_in(BOOLEANS["true"])).then(pl.lit("true"))
        return positive.otherwise(negative).alias(name)
    return _time(written) if column.kind is Kind.time else written


def _native(table: pl.LazyFrame | pl.DataFrame, columns: Mapping[str, Column]) -> set[str]:
    schema = table.collect_schema()
    return {name for name, column in columns.items() if is_native(column, schema[name])}


def column_named(name: str) -> pl.Expr:
    """Return the expression of the column of exactly this name."""
    if name == "*" or (name.startswith("^") and name.endswith("$")):
        return cs.by_name(name).as_expr()  # pl.col would read it as a pattern
    return pl.col(name)


def _cast(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return the values of a type that is of the column's kind, as Float64 or Datetime."""
    raw = column_named(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        raw = raw.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if dtype in (pl.Date, pl.Datetime):
        return raw.cast(pl.Datetime("us"))
    if dtype == pl.Duration:
        return raw.dt.total_microseconds() / 1e6  # seconds
    return raw.cast(pl.Float64).fill_nan(None)


def _written(name: str, dtype: pl.DataType) -> pl.Expr:
    raw = column_named(name)
    if dtype.is_nested():
        return pl.when(raw.is_not_null()).then(pl.lit(f"({dtype})")).alias(name)
    if dtype == pl.Duration:
        return (raw.dt.total_microseconds() / 1e6).cast(pl.String)
    if dtype.is_float():  # 1.0 is the "1" of a table without missing values
        whole = (raw.floor() == raw) & (raw.abs() < WHOLE)
        as_whole = raw.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(as_whole).otherwise(raw.cast(pl.String)).alias(name)
    text = raw.cast(pl.String, strict=False)
    return text if dtype.is_integer() else text.str.strip_chars()


def _present(written: pl.Expr) -> pl.Expr:
    return pl.when(~written.is_in(MISSING)).then(written)


def _time(written: pl.Expr) -> pl.Expr:
    written = written.str.replace("T", " ", literal=True)
    plain = [written.str.to_datetime(form, strict=False, time_unit="us") for form in TIME_FORMATS]
    zoned = written.str.to_datetime(
        TIME_ZONE_FORMAT, strict=False, time_unit="us", time_zone="UTC"
    ).dt.replace_time_zone(None)
    return pl.coalesce(*plain, zoned)


def check_names(
    names: Collection[str],
    contract: Contract,
    columns: Collection[str] | None = None,
    source: str | None = None,
) -> list[str]:
    """Return the columns to use, in the order of the contract, if ``names`` has them.

    Raises:
        UserError: when columns are missing, or there are some that the contract does not know.
    """
    place = source or contract.source
    there, asked = {*names}, {*(contract.columns if columns is None else columns)}
    wanted = [name for name in contract.columns if name in asked]
    missing = [name for name in wanted if name not in there]
    if missing:
        free = [name for name in names if name not in contract.columns]
        several = f"columns {listed(missing)} are" if len(missing) > 1 else f"{missing[0]!r} is"
        raise UserError(
            f"{place}: {several} missing. For {missing[0]!r}: "
            f"{nearest_columns(missing[0], free or names)} Bring it back under the name in the "
            "contract, or take it out of the contract and train again."
        )
    more = [name for name in names if name not in contract.columns]
    if more and columns is None:
        line = f"`{json.dumps(more[0], ensure_ascii=False)}: {{kind: number}}`"
        raise UserError(
            f"{place}: {listed(more, MOST_SHOWN)}: not in the contract. Remove them from the "
            f"source, or add a line for each under columns, such as {line}, "
            "and its name under forbidden where the model must not see it."
        )
    return wanted
