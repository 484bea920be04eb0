"""The calls that belong to one engine: parse, scan and sink. Another one would replace this file.

Parsing is pyarrow's: polars reads rows that are too short as rows with missing values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import csv, parquet

GROUP_BYTES = 32 << 20  # in memory: what is written at once, and what a reader takes at once
GROUP_ROWS = 100_000
GROUPS_IN_SHARD = 8
DICTIONARY_BYTES = 1 << 17  # of the values of a column; more are written one after the other


def parse(
    stream: pa.NativeFile, names: list[str], delimiter: str, block_bytes: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows below the header as text; a field without content is null.

    Args:
        stream: UTF-8; every quoted field is closed.
        names: one for each column, in the place of the header.
        delimiter: one character.
        block_bytes: what is parsed at once; no row may be longer.

    Raises:
        pyarrow.ArrowInvalid: when a row has more or fewer fields than there are names.
    """
    yield from csv.open_csv(
        stream,
        read_options=csv.ReadOptions(
            column_names=names, skip_rows_after_names=1, block_size=block_bytes
        ),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            check_utf8=False,  # it was checked while the encoding was found
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def sink(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, folder: Path, first: int
) -> tuple[list[Path], int]:
    """Write Parquet files of bounded size, and return them and the number of rows.

    Args:
        batches: all with ``schema``.
        schema: without metadata, which would tell who wrote the source.
        folder: where to write.
        first: number of the first file.
    """
    files: list[Path] = []
    rows = 0
    groups = _groups(batches)
    group = next(groups, None)
    while group is not None:
        path = folder / f"part-{first + len(files):05d}.parquet"
        files.append(path)
        with parquet.ParquetWriter(
            path, schema, compression="zstd", dictionary_pagesize_limit=DICTIONARY_BYTES
        ) as writer:
            for _ in range(GROUPS_IN_SHARD):
                writer.write_table(pa.Table.from_batches(group, schema))
                rows += sum(batch.num_rows for batch in group)
                group = next(groups, None)
                if group is None:
                    break
    return files, rows


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    for batch in batches:
        for start in range(0, batch.num_rows, GROUP_ROWS):
            part = batch.slice(start, GROUP_ROWS)
            group.append(part)
            rows = sum(each.num_rows for each in group)
            if rows >= GROUP_ROWS or sum(each.nbytes for each in group) >= GROUP_BYTES:
                yield group
                group = group[:0]
    if group:
        yield group


def sink_lazily(rows: pl.LazyFrame, file: Path, group_rows: int) -> None:
    """Compute ``rows`` piece by piece and write them in order; the same rows give the same bytes.

    Without statistics of groups: whoever reads the file reads all of its rows.
    """
    # While polars itself waits for a disk to open the file, it piles up rows in memory: 1.1 GiB.
    with file.open("wb") as opened:
        rows.sink_parquet(opened, compression="lz4", statistics=False, row_group_size=group_rows)


def scan(files: list[Path]) -> pl.LazyFrame:
    """Read Parquet files lazily, in this order; a name may hold any character."""
    return pl.scan_parquet(files, glob=False)


def knows_zone(zone: str | None) -> bool:
    """Whether times may be of this time zone."""
    try:
        pl.Series([], dtype=pl.Datetime("us", zone))
    except pl.exceptions.ComputeError:
        return False
    return True


def frame(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pl.DataFrame:
    """Put all rows into one frame in memory."""
    return pl.DataFrame(pa.Table.from_batches(list(batches), schema))
