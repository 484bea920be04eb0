"""Rows as Python's csv module reads them: slow and strict, for the header and for what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from ..runtime.errors import UserError
from .files import TableFile
from .text import opened_text

FIELD_CHARACTERS = 64 << 20
MOST_LINES = 5  # in a message
EXPLAINED = {
    "unexpected end of data": "a quoted field begins in this row and never ends",
    "expected after": 'text after a closing quote; a quote inside a quoted field is written ""',
    "field larger than field limit": (
        f"a field of more than {FIELD_CHARACTERS >> 20} million characters; is its quote closed?"
    ),
}


@contextmanager
def _large_fields() -> Iterator[None]:
    before = csv.field_size_limit(FIELD_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(file: TableFile, encoding: str, delimiter: str) -> Generator[tuple[int, list[str]]]:
    """Yield each row and the number of the line it begins in; a blank line is a row of none."""
    with _large_fields(), opened_text(file, encoding) as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            reason = next((told for part, told in EXPLAINED.items() if part in str(error)), error)
            raise UserError(f"{file.path}, line {line}: {reason}.") from error


def header_of(file: TableFile, encoding: str, delimiter: str) -> tuple[list[str], bool]:
    """Return the fields of the first line, and whether any row follows."""
    with closing(_rows(file, encoding, delimiter)) as rows:
        for _, header in rows:
            if header:
                return header, any(row for _, row in rows)
            break
    raise UserError(f"{file.path}, line 1: blank; expected the names of the columns.")


def check_rows(file: TableFile, encoding: str, delimiter: str, columns: int) -> int:
    """Look at every row, and return how long the longest one may be in bytes.

    Raises:
        UserError: when quotes are wrong, rows have another length than the header, or a blank line
            stands among the rows of a single column, where it could be a missing value.
    """
    lengths: dict[int, int] = {}  # of the first few such rows
    wrong = total = longest = blank = 0
    for line, row in _rows(file, encoding, delimiter):
        if not row:
            blank = blank or line
            continue
        if columns == 1 and blank:
            raise UserError(
                f"{file.path}, line {blank}: blank, which in a single column may be a missing "
                'value or nothing. Write a missing value as "" and remove other blank lines.'
            )
        total += 1
        longest = max(longest, 4 * sum(map(len, row)) + 3 * len(row) + 2)
        if len(row) != columns:
            wrong += 1
            if wrong <= MOST_LINES:
                lengths[line] = len(row)
    if wrong:
        raise UserError(f"{file.path}: {_explain_lengths(lengths, wrong, total - 1, columns)}")
    return longest


def _explain_lengths(lengths: dict[int, int], wrong: int, rows: int, columns: int) -> str:
    first = ", ".join(f"line {line} has {length}" for line, length in lengths.items())
    more = ", ..." if wrong > len(lengths) else ""
    if wrong == rows and set(lengths.values()) == {columns + 1}:
        hint = "If each row begins with its name or number, that column needs a name too."
    else:
        hint = "A field that holds the delimiter must be quoted; a missing one is left empty."
    return (
        f"{wrong} of its {rows} rows do not have the {columns} fields of the header: "
        f"{first}{more}. {hint}"
    )
