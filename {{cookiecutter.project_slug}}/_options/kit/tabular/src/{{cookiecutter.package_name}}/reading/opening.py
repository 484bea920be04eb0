"""Files -> tables, and data/raw -> a lazy frame."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from ..runtime.errors import UserError
from . import engine
from .delimited import open_delimited
from .files import Format, find_files
from .json_lines import open_json_lines
from .parquet import open_parquet
from .tables import Table, common_schema, conformed


def open_raw(folder: Path) -> pl.LazyFrame:
    """Return the rows that ``write_raw`` wrote, in the order of the source."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise UserError(f"{folder}: no Parquet file there. `uv run ingest` writes them.")
    return engine.scan(files)


def open_tables(source: Path) -> tuple[list[Table], list[str]]:
    """Return the files of ``source`` as tables, and what to tell the user.

    Raises:
        UserError: when a file cannot be read, or would be misread.
    """
    files, notes = find_files(source)
    if files[0].format is Format.json_lines:
        tables = open_json_lines(files)
    else:
        opens = open_parquet if files[0].format is Format.parquet else open_delimited
        tables = [opens(file) for file in files]
    return tables, notes + [note for table in tables for note in table.notes]


def read_rows(source: Path) -> pl.DataFrame:
    """Read a table file, or a folder of shards, into memory by the same rules as ``write_raw``.

    What the user should be told goes to standard error.

    Raises:
        UserError: as ``write_raw`` does.
    """
    tables, notes = open_tables(source)
    for note in notes:
        print(note, file=sys.stderr)
    schema = common_schema(tables)
    data = engine.frame((b for table in tables for b in conformed(table, schema)), schema)
    check_any_rows(source, len(data))
    return data


def check_any_rows(source: Path, rows: int) -> None:
    """Refuse a table that is only names of columns."""
    if not rows:
        raise UserError(f"{source}: names of columns and no rows; expected at least one row.")
