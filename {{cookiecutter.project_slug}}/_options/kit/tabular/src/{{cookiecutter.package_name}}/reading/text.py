"""Bytes -> text: compression, encoding, and files that hold no text at all."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pyarrow as pa

from ..runtime.errors import UserError
from .files import TableFile

Seen = TypeVar("Seen")

BLOCK_BYTES = 1 << 20
FALLBACK = "cp1252"  # what Windows and Excel write in the West
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class _UndecodableError(Exception):
    """Bytes that are no text in the encoding tried."""


@contextmanager
def opened(file: TableFile) -> Iterator[pa.NativeFile]:
    """Open the bytes of a file as they were before compression.

    Raises:
        UserError: when the file cannot be read, or its compressed data are damaged or end early.
    """
    try:
        with pa.input_stream(str(file.path), compression=file.compression) as stream:
            yield stream
    except OSError as error:
        raise unreadable(file, error) from error


def unreadable(file: TableFile, error: Exception) -> UserError:
    """The message for what the operating system or the decompression said."""
    system = getattr(error, "strerror", None)
    if system or not file.compression:
        return UserError(f"{file.path}: cannot be read ({system or error}).")
    reason = str(error).rstrip(".")
    return UserError(
        f"{file.path}: its {file.compression} data end too early or are damaged ({reason}). "
        "Copy or download it again."
    )


def marked_encoding(block: bytes) -> str:
    """Tell the encoding from the byte order mark; without one it should be UTF-8."""
    return next((name for mark, name in BYTE_ORDER_MARKS if block.startswith(mark)), "utf-8")


def survey(
    file: TableFile, beginning: bytes, look: Callable[[Iterator[bytes]], Seen]
) -> tuple[Seen, str, list[str]]:
    """Decode the whole file once: by its mark, else strictly as UTF-8, else as Windows-1252.

    Args:
        file: the file.
        beginning: its first bytes.
        look: is given the blocks of the text, as UTF-8; a second time for another encoding.

    Returns:
        what ``look`` made of it, the encoding, and what to tell the user.

    Raises:
        UserError: when the file is in none of these encodings.
    """
    marked = marked_encoding(beginning)
    try:
        return look(_decoded(file, marked)), marked, []
    except _UndecodableError as error:
        place = str(error)
    if marked != "utf-8":
        raise UserError(f"{file.path}: marked as {marked}, but damaged ({place}). Save it again.")
    note = (
        f"{file.path.name}: not UTF-8 ({place}); read as Windows-1252 ({FALLBACK}). "
        "Look at names with accents, or save the file as UTF-8."
    )
    try:
        return look(_decoded(file, FALLBACK)), FALLBACK, [note]
    except _UndecodableError as error:
        raise UserError(
            f"{file.path}: neither UTF-8 ({place}) nor Windows-1252 ({error}). Save it as UTF-8."
        ) from error


def _decoded(file: TableFile, encoding: str) -> Iterator[bytes]:
    """Yield the whole text block by block, as UTF-8 without a byte order mark.

    Raises:
        _UndecodableError: when it is not text in ``encoding``.
        UserError: when it holds NUL characters, or cannot be read.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with opened(file) as stream:
        at_end = False
        while not at_end:
            block = stream.read(BLOCK_BYTES)
            at_end = not block
            try:
                text = decoder.decode(block, final=at_end)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                value = error.object[error.start : error.start + 1].hex()
                raise _UndecodableError(f"line {line}, byte 0x{value}") from error
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise UserError(
                    f"{file.path}, line {line}: a NUL character: the file is no text, or damaged, "
                    "or UTF-16 without a byte order mark. Save it as UTF-8."
                )
            line += text.count("\n")
            yield text.encode()


@contextmanager
def opened_text(file: TableFile, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a file as text, with its line ends as they are."""
    with (
        opened(file) as stream,
        io.TextIOWrapper(stream, encoding=encoding, newline="") as text,
    ):
        yield text
