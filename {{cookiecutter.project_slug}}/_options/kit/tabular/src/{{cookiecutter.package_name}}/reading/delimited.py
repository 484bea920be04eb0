"""CSV and TSV: every field as text, exactly as in the file; what would be misread is refused."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from ..runtime.errors import UserError
from . import engine
from .beginnings import first_bytes
from .files import TableFile
from .records import check_rows, header_of
from .structure import find_delimiter, structure_of
from .tables import Table, check_names
from .text import BLOCK_BYTES, marked_encoding, opened, survey

SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
MOST_ROW_BYTES = 256 << 20
WIDE = 100  # columns from which larger blocks are read: each block costs something per column
MOST_BLOCKS = 16


@dataclass(frozen=True)
class Dialect:
    """How a file is to be parsed."""

    encoding: str
    delimiter: str
    longest_row: int  # bytes


def open_delimited(file: TableFile) -> Table:
    """Look through the whole file once, and return it as a table of text columns.

    Raises:
        UserError: when the file is empty, no text, or not quoted as CSV is, or its columns have
            not each a name. Rows of another length are found while the table is read.
    """
    beginning = first_bytes(file)
    decoder = codecs.getincrementaldecoder(marked_encoding(beginning))(errors="replace")
    sample = decoder.decode(beginning)
    delimiter = find_delimiter(sample, is_whole=len(beginning) < BLOCK_BYTES)
    structure, encoding, notes = survey(file, beginning, partial(structure_of, delimiter))
    _check_length(file, structure.lines.longest)
    found, has_rows = header_of(file, encoding, delimiter)
    names, longest = check_names(file.path, found), structure.rows.longest
    # A blank line in a single column could be a missing value: that too needs a slow look.
    if not structure.is_regular or structure.is_inside or len(names) == 1:
        longest = check_rows(file, encoding, delimiter, len(names))
    _check_length(file, longest)
    usual = "\t" if file.suffix == ".tsv" else ","
    if delimiter != usual and len(names) > 1:
        notes.append(f"{file.path.name}: its fields are separated by {SPOKEN[delimiter]}")
    if not has_rows:
        notes.append(f"{file.path.name}: a header and no rows")
    schema = pa.schema([(name, pa.string()) for name in names])
    dialect = Dialect(encoding, delimiter, longest)
    batches = partial(_batches, file, dialect, schema) if has_rows else partial(iter, ())
    return Table(file.path, schema, batches, tuple(notes))


def _check_length(file: TableFile, size: int) -> None:
    if size > MOST_ROW_BYTES:
        raise UserError(
            f"{file.path}: a row of {size >> 20} MiB, expected at most {MOST_ROW_BYTES >> 20}. "
            "Does a quoted field not end, or is this no table?"
        )


def _batches(file: TableFile, dialect: Dialect, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    blocks = min(max(len(schema) // WIDE, 1), MOST_BLOCKS)
    size = max(blocks * BLOCK_BYTES, 2 * dialect.longest_row)
    try:
        with opened(file) as stream:
            text = stream
            if not dialect.encoding.startswith("utf-8"):
                text = pa.transcoding_input_stream(stream, dialect.encoding, "utf-8")
            yield from engine.parse(text, schema.names, dialect.delimiter, size)
    except pa.ArrowInvalid as error:
        check_rows(file, dialect.encoding, dialect.delimiter, len(schema))
        raise UserError(f"{file.path}: cannot be parsed ({error}).") from error
