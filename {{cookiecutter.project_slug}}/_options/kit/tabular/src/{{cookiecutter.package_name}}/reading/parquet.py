"""Parquet: columns keep their types; what a network cannot be given is refused by name."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pyarrow as pa
from pyarrow import parquet, types

from ..runtime.errors import UserError
from . import engine
from .files import TableFile
from .tables import Table, check_names, some
from .text import opened, unreadable

INDEX = re.compile(r"__index_level_\d+__")  # what pandas calls an index without a name
BATCH_CELLS, MOST_BATCH_ROWS = 4_000_000, 65_536
KEPT = (
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_date,
    types.is_time,
    types.is_timestamp,
    types.is_duration,
    types.is_null,
)
TEXT = (types.is_string, types.is_large_string, types.is_string_view)


def open_parquet(file: TableFile) -> Table:
    """Read what the file says of itself, and return it as a table.

    Categories become text. The index that pandas wrote is dropped, with a note.

    Raises:
        UserError: when it is no Parquet file, or a column is nested or binary.
    """
    with _opened(file) as source:
        schema, rows = source.schema_arrow, source.metadata.num_rows
    kept = [place for place, name in enumerate(schema.names) if not INDEX.fullmatch(name)]
    dropped = [name for name in schema.names if INDEX.fullmatch(name)]
    notes = [f"{file.path.name}: left out {some(dropped)}, an index of pandas"] * bool(dropped)
    if not rows:
        notes.append(f"{file.path.name}: columns and no rows")
    if not kept:
        raise UserError(f"{file.path}: has no columns.")
    names = check_names(file.path, [schema.names[place] for place in kept])
    fields = [
        pa.field(name, _type_of(file, name, schema.field(place).type))
        for name, place in zip(names, kept, strict=True)
    ]
    return Table(file.path, pa.schema(fields), partial(_batches, file, kept, fields), tuple(notes))


def _type_of(file: TableFile, name: str, found: pa.DataType) -> pa.DataType:
    if types.is_dictionary(found):
        return _type_of(file, name, found.value_type)
    if any(matches(found) for matches in TEXT):
        return pa.string()
    if types.is_float16(found):
        return pa.float32()
    if types.is_decimal(found) and found.bit_width <= 128:
        return pa.decimal128(found.precision, found.scale)
    if any(matches(found) for matches in KEPT) and _has_known_zone(found):
        return found
    raise UserError(
        f"{file.path}: column {name!r} is {found}; expected one number, text, truth value, date or "
        "time in each row. Spread it over columns, or leave it out."
    )


def _has_known_zone(found: pa.DataType) -> bool:
    return not types.is_timestamp(found) or engine.knows_zone(found.tz)


def _batches(file: TableFile, kept: list[int], fields: list[pa.Field]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema(fields)
    size = min(max(BATCH_CELLS // len(fields), 1), MOST_BATCH_ROWS)
    with _opened(file) as source:
        for batch in source.iter_batches(batch_size=size):
            batch.validate(full=True)  # damaged text would end the process later
            arrays = [
                batch.column(place).cast(field.type)
                for place, field in zip(kept, fields, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


@contextmanager
def _opened(file: TableFile) -> Iterator[parquet.ParquetFile]:
    with ExitStack() as stack:
        try:
            source = stack.enter_context(opened(file))
            if file.compression:  # Parquet is read from its end
                unpacked = stack.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(source, unpacked)
                source = pa.PythonFile(unpacked)
            yield stack.enter_context(parquet.ParquetFile(source, page_checksum_verification=True))
        except (
            pa.ArrowException,
            OSError,
            ValueError,
        ) as error:  # ValueError: names that are no text
            if isinstance(error, OSError) and error.strerror:
                raise unreadable(file, error) from error
            reason = str(error).split("\n")[0].rstrip(".")
            raise UserError(
                f"{file.path}: expected Parquet; it is damaged or something else ({reason})."
            ) from error
