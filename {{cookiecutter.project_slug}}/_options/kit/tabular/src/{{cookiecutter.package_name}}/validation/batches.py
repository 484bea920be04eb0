"""A table of any size, a bounded piece at a time: some of its columns, some of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import polars as pl

Item = TypeVar("Item")
ROWS = 100_000  # in one batch
CELLS = 4_000_000  # in the columns that are read together, where the table is short
FEWEST_COLUMNS = 7  # read together in a long table: what a reader holds grows with their number


def count_rows(table: pl.LazyFrame) -> int:
    """Return the number of rows; a Parquet file says it without being read."""
    return int(table.select(pl.len()).collect(engine="streaming").item())


def column_groups(columns: Sequence[Item], rows: int) -> Iterator[Sequence[Item]]:
    """Yield names of columns, or what is known of each, in groups that are read together."""
    width = max(FEWEST_COLUMNS, CELLS // max(rows, 1))
    for start in range(0, len(columns), width):
        yield columns[start : start + width]


def batches(table: pl.LazyFrame, names: Sequence[str]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the rows of some columns in order: the number of the first row, from 0, and a batch."""
    start = 0
    for frame in table.select(pl.selectors.by_name(*names)).collect_batches(chunk_size=ROWS):
        yield start, frame
        start += frame.height
