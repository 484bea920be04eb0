"""Typed rows -> the matrix that models see: the same expressions in preparation and prediction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs

from ..schema import Feature, Statistics, Table

FEWEST_STEPS = 16  # of float32 in a standard deviation
LARGEST = float(np.finfo(np.float32).max)


def column(name: str) -> pl.Expr:
    """Return the column of exactly this name; pl.col would read "*" or "^a$" as a pattern."""
    return cs.by_name(name).as_expr()


def matrix_of(rows: pl.DataFrame, features: Sequence[Feature]) -> Table:
    """Encode typed ``rows`` as float32 (rows, features).

    Numbers are as they are, and NaN where they are missing; categories are codes from 1.
    """
    if not features:
        return np.zeros((rows.height, 0), np.float32)
    columns = [number(f.name) if f.categories is None else _code(f) for f in features]
    return rows.select(columns).to_numpy(order="c", writable=True)


def blurred(features: Sequence[Feature], statistics: Statistics) -> list[str]:
    """Return the numbers that float32 leaves too few digits of: large, and close to each other."""
    found: list[str] = []
    for feature, quantiles, std in zip(
        features, statistics.quantiles, statistics.std, strict=False
    ):
        _, exponent = math.frexp(max(map(abs, quantiles)))
        step = 2.0 ** (exponent - 24)  # between two numbers of this size: 24 bits hold the digits
        if std < FEWEST_STEPS * step and (std > 0 or step > 1):
            found.append(feature.name)
    return found


def class_numbers(target: str, classes: Sequence[str]) -> pl.Expr:
    """Return the number of each row's class."""
    numbers = {name: number for number, name in enumerate(classes)}
    return column(target).replace_strict(numbers, return_dtype=pl.Int64)


def key_of(key: str | None, group: str | None, columns: Sequence[str]) -> pl.Expr:
    """Return the text that a row's split follows from: its group, its key, or its content."""
    import polars_hash

    if group or key:
        return column(str(group or key)).cast(pl.String)
    content: Any = polars_hash.hash_rows([column(name) for name in columns])
    return content.nchash.xxhash64().cast(pl.String)


def number(name: str) -> pl.Expr:
    """Return the column of this name as the network sees it."""
    value = column(name).cast(pl.Float64).clip(-LARGEST, LARGEST)
    return value.cast(pl.Float32).fill_null(float("nan")).alias(name)


def codes_of(categories: Sequence[str]) -> dict[str, int]:
    """Return the code of each category, however it is spelled."""
    known = {value: code for code, value in enumerate(categories, start=1)}
    return {_other_spelling(value): code for value, code in known.items()} | known


def _code(feature: Feature) -> pl.Expr:
    codes, value = codes_of(feature.categories or []), column(feature.name).cast(pl.String)
    return value.replace_strict(codes, default=0, return_dtype=pl.Float32).alias(feature.name)


def _other_spelling(category: str) -> str:
    """Return "1.0" for "1" and back: what a code becomes where a column of whole numbers has gaps.

    A CSV file that pandas wrote has the one, a Parquet file the other.
    """
    whole = category.removesuffix(".0")
    if not whole.removeprefix("-").isdecimal():
        return category
    return f"{whole}.0" if whole == category else whole
