"""Rows of table files to predict: read as those of training were, a few thousand at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from ..checks.table import PROBABILITY
from ..contract.contract import nearest_columns
from ..reading.opening import check_any_rows, open_tables
from ..reading.tables import common_schema, conformed
from ..runtime.errors import UserError
from ..schema import Feature
from ..table.encoding import matrix_of
from ..table.serving import sorted_out
from .chunk import Chunk, content_of

CHUNK_VALUES, MOST_ROWS = 2**20, 2**12
ROW, PREDICTION = "row", "prediction"  # columns of the table of predictions


class Source:
    """The rows of a file, or of a folder of shards; each is called by its number, from 1 on.

    Raises:
        UserError: when a file cannot be read, or lacks a column that the model or ``keep`` needs.
    """

    def __init__(self, path: Path, model: Path, keep: list[str]) -> None:
        facts = json.loads((model / "model.json").read_text("utf-8"))
        self.path, self.keep, self.columns = path, keep, facts["columns"]
        self.features = [Feature(**entry) for entry in facts["features"]]
        self.tables, self.notes = open_tables(path)
        self.schema = common_schema(self.tables)
        for name in (*self.columns, *keep):
            if name not in self.schema.names:
                hint = nearest_columns(name, self.schema.names)
                why = "which the model needs" if name in self.columns else "which keep= names"
                raise UserError(f"{path}: {name!r} is missing, {why}. {hint}")
        for name in keep:
            if name in (ROW, PREDICTION) or name.startswith(PROBABILITY):
                raise UserError(f"keep={name}: the table of predictions has a column of this name.")
        self.rows: int | None = None  # known at the end
        width = max(1, len(self.columns) + len(keep))
        self.size = max(1, min(MOST_ROWS, CHUNK_VALUES // width))

    @property
    def facts(self) -> dict[str, Any]:
        """What the chunks depend on, to tell whether they are still the same."""
        files = [table.path for table in self.tables]
        return {"files": content_of(files), "size": self.size, "keep": self.keep}

    def chunks(self, first: int) -> Iterator[Chunk]:
        """Yield the chunks from number ``first`` on."""
        batches = (batch for table in self.tables for batch in conformed(table, self.schema))
        wanted = list(dict.fromkeys([*self.columns, *self.keep]))
        start = 0
        for number, window in enumerate(windows(batches, self.size)):
            if number >= first:
                yield self._chunk(pl.DataFrame(window.select(wanted)), start)
            start += window.num_rows
        check_any_rows(self.path, start)

    def _chunk(self, rows: pl.DataFrame, start: int) -> Chunk:
        numbers = pl.Series(ROW, range(start + 1, start + 1 + rows.height), pl.Int64)
        typed, reasons = sorted_out(rows, self.columns)
        good = reasons.is_null()
        named = pl.DataFrame([numbers, *(rows[name] for name in self.keep)]).filter(good)
        bad = pl.DataFrame([numbers, reasons.alias("reason")]).filter(~good)
        return Chunk(named, matrix_of(typed.filter(good), self.features), bad)


def windows(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Yield tables of ``size`` rows each, and the rest."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting, rows = [*waiting, batch], rows + batch.num_rows
        while rows >= size:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, size)
            waiting, rows = table.slice(size).to_batches(), rows - size
    if rows:
        yield pa.Table.from_batches(waiting)
