"""Rows that equal a row of another part in all features but one, or up to rounding.

A row's keys are the sum of its columns' hashes, and that sum less each of them in turn: two rows
share such a key where they differ in that column only. The rows stream by once, and some of those
outside train are looked for among them: memory does not grow with the table.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .finding import Finding, Kind, listed
from .natural import unnatural
from .ordinary import Ordinary
from .tables import codes_of, outside_train, sample_rows, with_parts

MOST_QUERIES, QUERY_CELLS = 10_000, 1 << 22
BATCH_CELLS = 1 << 22
LARGEST_FILTER = 1 << 26  # bytes
SAME, ROUNDED = -2, -1  # instead of the column that two rows differ in
PLACE_OF_GRID = 0.5123  # lies between the values that people write down
EXAMPLES = 3


def near_duplicates(rows: pl.LazyFrame, features: list[str]) -> list[Finding]:
    """Find rows that nearly equal a row of another part, but do not quite equal any.

    Args:
        rows: columns id, part, and the features.
        features: their names. Numbers are compared to about three digits of their spread, text
            without regard to case.
    """
    if not features:
        return []
    rows = with_parts(rows)
    outside = outside_train(rows)
    sample = sample_rows(rows, features).select(features)
    most = min(MOST_QUERIES, max(500, QUERY_CELLS // len(features)))
    queries = sample_rows(rows.filter(outside), features, most)
    if queries.is_empty():
        return []
    rounded = [_rounded(sample[name]) for name in features]
    pairs = _pairs(rows, queries, features, rounded)
    if pairs.is_empty():
        return []
    suspects = queries[pairs["query"]].select(rounded)
    codes, looked_at = codes_of([sample.select(rounded), suspects])
    columns = pairs["column"].to_numpy()
    counted = rows.select(total=pl.len(), judged=outside.sum()).collect(engine="streaming")
    expected = counted["total"].item() * Ordinary.of(codes).twins(looked_at, columns)
    expected *= np.where(columns >= 0, len(features), 1)  # any column could be the one
    guilty = pairs.filter(unnatural(expected, queries.height))
    if guilty.is_empty():
        return []
    return [_finding(guilty, queries, counted["judged"].item(), features)]


def _rounded(values: pl.Series) -> pl.Expr:
    """Return a column on a grid of 100 to 1000 steps over its middle 90 %."""
    column = pl.col(values.name)
    if values.dtype == pl.String:
        return column.str.strip_chars().str.to_lowercase()
    if not values.dtype.is_numeric():
        return column
    known = values.cast(pl.Float64).to_numpy()
    known = known[np.isfinite(known)]
    if not len(known):
        return column
    low, high = np.quantile(known, [0.05, 0.95])
    spread = float(high - low) or float(np.ptp(known))
    step = 10 ** math.floor(math.log10(spread)) / 100 if spread else 0
    if not step or (values.dtype.is_integer() and step <= 1):
        return column
    return (column.cast(pl.Float64) / step + PLACE_OF_GRID).floor()


def _pairs(
    rows: pl.LazyFrame, queries: pl.DataFrame, features: list[str], rounded: list[pl.Expr]
) -> pl.DataFrame:
    """Return which queries have a near row in another part, but no equal one: query, column, twin.

    ``query`` counts from 0; ``column`` is the place of the feature in which the two differ.
    """
    hashes = [expression.hash(place).alias(str(place)) for place, expression in enumerate(rounded)]
    hashed = [*hashes, pl.struct(features).hash(0).alias("same")]
    keys, columns = _keys(queries.select(hashed))
    query = np.repeat(np.arange(len(keys)), len(columns))
    asked = {"key": keys.ravel(), "query": query, "column": np.tile(columns, len(keys))}
    wanted = pl.DataFrame(asked).with_columns(own=queries["part"][query])
    hits = _hits(rows.select("id", "part", *hashed), np.unique(keys))
    pairs = wanted.join(hits, on="key").filter(pl.col("part") != pl.col("own"))
    nearest = pairs.sort("query", "column", "part").unique("query", keep="first")
    return nearest.filter(pl.col("column") != SAME).sort("query")


def _keys(hashed: pl.DataFrame) -> tuple[NDArray[np.uint64], list[int]]:
    """Return the keys of rows (rows, keys), and which column each of them leaves out (keys)."""
    same = hashed.select("same").to_numpy()
    hashes = hashed.drop("same", "id", "part", strict=False).to_numpy()
    total = hashes.sum(axis=1, keepdims=True, dtype=np.uint64)  # modulo 2**64
    if hashes.shape[1] < 3:  # rows with one equal value are not near
        return np.hstack([same, total]), [SAME, ROUNDED]
    return np.hstack([same, total, total - hashes]), [SAME, ROUNDED, *range(hashes.shape[1])]


def _hits(hashed: pl.LazyFrame, wanted: NDArray[np.uint64]) -> pl.DataFrame:
    """Return for each of the ``wanted`` keys the first row with it in each part."""
    size = min(LARGEST_FILTER, 1 << math.ceil(math.log2(16 * len(wanted))))
    known = np.zeros(size, dtype=np.bool_)  # by the last bits of a key: most rows go no further
    last_bits = np.uint64(size - 1)
    known[wanted & last_bits] = True
    found = pl.DataFrame(schema={"key": pl.UInt64, "twin": pl.String, "part": pl.String})
    chunk_size = max(1000, BATCH_CELLS // len(hashed.collect_schema()))
    for batch in hashed.collect_batches(chunk_size=chunk_size, maintain_order=True):
        keys, _ = _keys(batch)
        row, place = np.nonzero(known[keys & last_bits])
        key = keys[row, place]
        nearest = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
        hit = wanted[nearest] == key
        twins = batch[row[hit]].select(twin="id", part="part")
        new = twins.with_columns(key=pl.Series(key[hit], dtype=pl.UInt64)).select(found.columns)
        found = pl.concat([found, new]).unique(["key", "part"], keep="first", maintain_order=True)
    return found


def _finding(
    guilty: pl.DataFrame, queries: pl.DataFrame, judged: int, features: list[str]
) -> Finding:
    share = queries.height / judged
    rows = round(guilty.height / share)
    columns = guilty.filter(pl.col("column") >= 0)["column"]
    named = guilty.with_columns(id=queries["id"][guilty["query"]])
    examples = [
        f"{one['id']} ({one['own']}) ~ {one['twin']} ({one['part']})"
        for one in named.head(EXAMPLES).iter_rows(named=True)
    ]
    usual = columns.value_counts(sort=True)["column"].head(3).to_list()
    most_often = listed([features[place] for place in usual])
    but = f" but one (most often {most_often})" if usual else ""
    about = "about " if share < 1 else ""
    message = (
        f"near duplicates: {about}{rows:,} of {judged:,} rows that the model is judged by equal a "
        f"row of another part, up to rounding, in every feature{but}, such as {listed(examples)}. "
        "There the model can remember instead of predict. Remove the copies, or keep those that "
        "belong together in one part (data.group=COLUMN), or accept `duplicates` if such cases "
        "really repeat."
    )
    return Finding(Kind.duplicates, message, rows, examples)
