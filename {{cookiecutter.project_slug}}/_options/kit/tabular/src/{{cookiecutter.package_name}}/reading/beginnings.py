"""The first bytes of a text file, and what else they may show it to be."""

from __future__ import annotations

from ..runtime.errors import UserError
from .files import TableFile
from .text import BLOCK_BYTES, BYTE_ORDER_MARKS, opened

KNOWN_BEGINNINGS = (
    (b"\x1f\x8b", "gzip data: its name must end in .gz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data: its name must end in .zst"),
    (b"PAR1", "Parquet: its name must end in .parquet"),
    (b"PK\x03\x04", "a ZIP archive or an Excel sheet: save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel sheet: save it as CSV (UTF-8)"),
    (b"ARROW1", "Arrow or Feather: save the table as Parquet"),
    (b"%PDF", "a PDF page"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<!doctype", "a web page, perhaps a login or an error page"),
    (b"<html", "a web page, perhaps a login or an error page"),
    (b"<?xml", "XML"),
)


def first_bytes(file: TableFile) -> bytes:
    """Return up to one block from the beginning.

    Raises:
        UserError: when the file is empty, or is known not to be text.
    """
    with opened(file) as stream:
        block = stream.read(BLOCK_BYTES)
    mark = next((mark for mark, _ in BYTE_ORDER_MARKS if block.startswith(mark)), b"")
    if not block.removeprefix(mark).strip():
        raise UserError(f"{file.path}: is empty; expected a table in {file.format}.")
    start = block[:100].lstrip().lower()
    for beginning, kind in KNOWN_BEGINNINGS:
        if start.startswith(beginning.lower()):
            raise UserError(f"{file.path}: expected {file.format} by its name, but it is {kind}.")
    return block
