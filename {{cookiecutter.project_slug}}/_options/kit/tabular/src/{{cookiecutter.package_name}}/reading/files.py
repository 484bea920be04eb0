"""Which files a source is made of: one table file, or a folder of shards in one format."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..runtime.errors import UserError, nearest
from ..runtime.files import files_below


class Format(StrEnum):
    """How a table is stored; the compression is told apart from it."""

    delimited = "CSV or TSV"
    parquet = "Parquet"
    json_lines = "JSON lines"


FORMATS = {
    ".csv": Format.delimited,
    ".tsv": Format.delimited,
    ".parquet": Format.parquet,
    ".pq": Format.parquet,
    ".jsonl": Format.json_lines,
    ".ndjson": Format.json_lines,
}
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
READABLE = f"{', '.join(FORMATS)}, each also with {' or '.join(COMPRESSIONS)} after it"
AS_PARQUET = "Read it with the library that wrote it, and save the table as Parquet."
UNPACK = "Unpack it first, or compress the one file in it with gzip."
CONVERT = {
    **dict.fromkeys(
        (".xls", ".xlsx", ".xlsm", ".ods", ".numbers"),
        "Save the sheet as CSV (UTF-8), or read it with pandas and save it as Parquet.",
    ),
    ".json": (
        "Write one JSON object a line to a .jsonl file; with pandas: "
        "read_json(NAME).to_json('data.jsonl', orient='records', lines=True)."
    ),
    **dict.fromkeys((".txt", ".dat", ".data", ".tab"), "If its first line names columns: .csv."),
    **dict.fromkeys((".feather", ".arrow", ".ipc", ".orc", ".avro", ".pkl", ".h5"), AS_PARQUET),
    **dict.fromkeys((".sav", ".dta", ".sas7bdat", ".rds", ".db", ".sqlite"), AS_PARQUET),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".bz2", ".xz", ".7z"), UNPACK),
}
MOST_NAMES = 10  # in a message


@dataclass(frozen=True)
class TableFile:
    """One file to read."""

    path: Path
    format: Format
    compression: str | None  # as pyarrow names it

    @property
    def suffix(self) -> str:
        """The ending that names the format, in small letters."""
        return _bare(self.path).suffix.lower()


def describe(path: Path) -> TableFile:
    """Tell the format of a file by its name.

    Raises:
        UserError: when the name tells none, with what to convert the file to.
    """
    table_format, compression = _format_of(path), COMPRESSIONS.get(path.suffix.lower())
    if table_format is None:
        suffix = _bare(path).suffix
        advice = CONVERT.get(suffix.lower(), "")
        found = f"its name ends in {suffix}" if suffix else "its name has no ending"
        raise UserError(f"{path}: {found}, expected {READABLE}. {advice}".rstrip())
    return TableFile(path, table_format, compression)


def _format_of(path: Path) -> Format | None:
    return FORMATS.get(_bare(path).suffix.lower())


def _bare(path: Path) -> Path:
    return path.with_suffix("") if path.suffix.lower() in COMPRESSIONS else path


def find_files(source: Path) -> tuple[list[TableFile], list[str]]:
    """Return the files of ``source`` in the order of their names, and what to tell the user.

    Hidden files are passed over; so are files that cannot be read by their names, with a note.

    Raises:
        UserError: when there is no such file, nothing to read, more than one format, or a folder
            that is named like a value (``year=2024``).
    """
    if not source.exists():
        raise _missing(source)
    if not source.is_dir():
        return [describe(source)], []
    # Not in the order of paths, which differs from system to system.
    found = sorted(files_below(source), key=lambda path: path.relative_to(source).as_posix())
    files = [describe(path) for path in found if _format_of(path)]
    if not files:
        for path in found:
            describe(path)
        raise UserError(f"{source}: no file in this folder; expected {READABLE}.")
    formats = sorted({file.format for file in files})
    if len(formats) > 1:
        first = [next(f.path.name for f in files if f.format == each) for each in formats]
        raise UserError(
            f"{source}: expected shards in one format, found {' and '.join(formats)} "
            f"({', '.join(first)}). Put other tables into another folder."
        )
    for file in files:
        for folder in file.path.relative_to(source).parts[:-1]:
            if re.fullmatch(r"\w+=.*", folder):
                column = folder.partition("=")[0]
                raise UserError(
                    f"{file.path}: the values of {column!r} are in the names of folders ({folder}) "
                    "and would be lost. Write them into the files as a column."
                )
    left = sorted({*found} - {file.path for file in files})
    names = ", ".join(path.name for path in left[:MOST_NAMES])
    more = ", ..." if len(left) > MOST_NAMES else ""
    return files, [
        f"left {len(left)} files behind, not readable by their names: {names}{more}"
    ] * bool(left)


def _missing(source: Path) -> UserError:
    missing = source
    while not missing.parent.is_dir() and missing.parent != missing:
        missing = missing.parent
    there = [item.name for item in missing.parent.glob("[!.]*")]
    close = difflib.get_close_matches(missing.name, there, n=MOST_NAMES, cutoff=0.5)
    names = close or sorted(name for name in there if _format_of(Path(name)))[:MOST_NAMES]
    hint = f" {nearest(missing.name, names)}" if names else ""
    return UserError(f"{source}: no such file or folder.{hint}")
