"""A source -> data/raw: Parquet files of bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..reading import engine
from ..reading.opening import check_any_rows, open_tables
from ..reading.tables import common_schema, conformed
from ..runtime.files import remove


@dataclass(frozen=True)
class RawTable:
    """What was written to data/raw.

    Attributes:
        columns: names, in order.
        rows: how many there are.
        files: the Parquet files, in the order of the rows.
        notes: what the user should be told, one sentence each.
    """

    columns: tuple[str, ...]
    rows: int
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def write_raw(source: Path, destination: Path) -> RawTable:
    """Write a table file, or a folder of shards, as Parquet files of bounded size.

    Text formats (CSV, TSV) give columns of text, exactly as in the file, with null for a field
    without content; Parquet and JSON lines keep their types. Each source file begins a new file,
    so that a shard that is added later leaves the earlier files as they are. Memory does not grow
    with the number of rows.

    Raises:
        UserError: when a file cannot be read, or would be misread; nothing is left behind then.
    """
    tables, notes = open_tables(source)
    schema = common_schema(tables)
    destination.mkdir(parents=True)
    files: list[Path] = []
    rows = 0
    try:
        for table in tables:
            written, count = engine.sink(conformed(table, schema), schema, destination, len(files))
            files, rows = files + written, rows + count
        check_any_rows(source, rows)
    except BaseException:
        remove(destination)
        raise
    return RawTable(tuple(schema.names), rows, tuple(files), tuple(notes))
