"""Prepared rows as the leak tests take them: columns id, part, target, and the features.

A part is train, val or test, or the number of a fold. What lies outside train is what a model is
judged by; in cross-validation that is every row, each in its turn.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

SAMPLE_ROWS, SAMPLE_CELLS = 20_000, 1 << 24
TRAIN = "train"


def with_parts(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows with parts and ids as text."""
    return rows.with_columns(pl.col("part", "id").cast(pl.String))


def outside_train(rows: pl.LazyFrame) -> pl.Expr:
    """Return the condition for rows that a model is judged by."""
    return pl.col("part") != TRAIN if _has_train(rows) else pl.col("part").is_not_null()


def inside_train(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that a model is trained on."""
    return rows.filter(pl.col("part") == TRAIN) if _has_train(rows) else rows


def _has_train(rows: pl.LazyFrame) -> bool:
    found = rows.select((pl.col("part") == TRAIN).any()).collect(engine="streaming")
    return bool(found.item())


def sample_rows(rows: pl.LazyFrame, columns: list[str], most: int = SAMPLE_ROWS) -> pl.DataFrame:
    """Return at most ``most`` rows, drawn by hash of the id, fewer where there are many columns."""
    most = min(most, max(1000, SAMPLE_CELLS // max(1, len(columns))))
    drawn = rows.bottom_k(most, by=pl.struct("id", "part").hash(1))
    return drawn.select("id", "part", *columns).collect(engine="streaming")


def codes_of(tables: list[pl.DataFrame]) -> list[NDArray[np.int32]]:
    """Return the values of each table as whole numbers, equal where the values are equal."""
    together = pl.concat(tables).select(pl.all().rank("dense").fill_null(0).cast(pl.Int32))
    codes = together.to_numpy().reshape(together.height, together.width)
    bounds = np.cumsum([table.height for table in tables])[:-1]
    return [np.ascontiguousarray(part) for part in np.split(codes, bounds)]
