"""Which rows share the value of a column with another row: exact, in bounded memory."""

from __future__ import annotations

import polars as pl

from ..contract.casting import text_of

ROWS_AT_ONCE = 4_000_000
MOST_COMPARED = 1_000_000  # rows whose values are compared themselves and not only their hashes


def repeated(table: pl.LazyFrame, name: str, rows: int) -> pl.Series:
    """Return the numbers of the rows, from 0, whose value another row has too; in order.

    Missing values do not count. The column is read once for every four million rows, and once
    more where some hashes are equal, to compare the values themselves.
    """
    values = text_of(table, name)
    parts = -(-rows // ROWS_AT_ONCE) or 1
    found = [_repeated_in_part(values, part, parts) for part in range(parts)]
    return pl.concat(found).sort()


def _repeated_in_part(values: pl.LazyFrame, part: int, parts: int) -> pl.Series:
    present = values.with_row_index("row").filter(pl.col("value").is_not_null())
    hashes = (
        present.select("row", hash=pl.col("value").hash())
        .filter(pl.col("hash") % parts == part)
        .collect(engine="streaming")
    )
    suspects = hashes.filter(pl.col("hash").is_duplicated())["row"]
    if not 0 < suspects.len() <= MOST_COMPARED:
        return suspects
    named = present.filter(pl.col("row").is_in(suspects.implode())).collect(engine="streaming")
    return named.filter(pl.col("value").is_duplicated())["row"]
