"""Which rows share the value of a column with another row: exact, in bounded memory."""

from __future__ import annotations

import polars as pl

from ..contract.casting import text_of

ROWS_AT_ONCE = 8_000_000
MOST_COMPARED = 1_000_000  # rows whose values are compared themselves and not only their hashes


def repeated(table: pl.LazyFrame, name: str, rows: int) -> pl.Series:
    """Return the numbers of the rows, from 0, whose value another row has too; in order.

    Missing values do not count. The column is read once for every eight million rows, and twice
    more where some hashes are equal: to number the rows, and to compare the values themselves.
    """
    values = text_of(table, name)
    parts = -(-rows // ROWS_AT_ONCE) or 1
    found = [_repeated_in_part(values, part, parts) for part in range(parts)]
    return pl.concat(found).sort()


def _repeated_in_part(values: pl.LazyFrame, part: int, parts: int) -> pl.Series:
    """Return those among the rows whose hash belongs to this part of all hashes."""
    present, hash_of = pl.col("value").is_not_null(), pl.col("value").hash().alias("hash")
    mine = pl.col("hash") % parts == part
    hashes = values.filter(present).select(hash_of).filter(mine).collect(engine="streaming")
    if hashes["hash"].n_unique() == hashes.height:  # as good as always, and quickly told
        return pl.Series("row", [], pl.get_index_type())
    numbered = values.with_row_index("row").filter(present)
    of_part = numbered.select("row", hash_of).filter(mine).collect(engine="streaming")
    suspects = of_part.filter(pl.col("hash").is_duplicated())["row"]
    if suspects.len() > MOST_COMPARED:
        return suspects
    named = numbered.filter(pl.col("row").is_in(suspects.implode())).collect(engine="streaming")
    return named.filter(pl.col("value").is_duplicated())["row"]
