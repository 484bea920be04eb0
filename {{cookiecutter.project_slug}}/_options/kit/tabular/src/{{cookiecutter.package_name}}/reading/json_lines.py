"""JSON lines: one object a line. What types a column has is known after one look at all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa

from ..runtime.errors import UserError
from .beginnings import first_bytes
from .files import TableFile
from .json_types import KINDS, Record, Value, kinds_of, type_of, values_of
from .tables import Table, check_names
from .text import opened_text, survey

LINE_CHARACTERS = 64 << 20
BATCH_CHARACTERS = 1 << 20
MOST_COLUMNS = 100_000
Kinds = dict[str, set[str]]  # for each column, in the order of their first appearance


def _distinct(pairs: list[tuple[str, Value]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is there twice")
    return record


DECODER = json.JSONDecoder(object_pairs_hook=_distinct)


def open_json_lines(files: list[TableFile]) -> list[Table]:
    """Look through all shards, and return them as tables with one schema.

    A key that a line lacks is null. Whole numbers and decimals together are decimals; any other
    mixture is text.

    Raises:
        UserError: when a line is no JSON object, or a value is a list or an object.
    """
    kinds: Kinds = {}
    read: list[tuple[TableFile, str, tuple[str, ...]]] = []
    for file in files:
        _, encoding, notes = survey(file, first_bytes(file), _go_through)
        for lines, records in _records(file, encoding):
            _collect(kinds, file.path, lines, records)
        read.append((file, encoding, tuple(notes)))
    if not kinds:
        raise UserError(f"{files[0].path}: none of its objects has a key; expected columns.")
    names = check_names(files[0].path, list(kinds))
    types = [type_of(found) for found in kinds.values()]
    schema = pa.schema(list(zip(names, types, strict=True)))
    return [
        Table(file.path, schema, partial(_batches, file, encoding, list(kinds), schema), notes)
        for file, encoding, notes in read
    ]


def _go_through(blocks: Iterable[bytes]) -> None:
    for _ in blocks:
        pass


def _records(file: TableFile, encoding: str) -> Iterator[tuple[list[int], list[Record]]]:
    """Yield some objects at a time, and the numbers of their lines."""
    lines: list[int] = []
    records: list[Record] = []
    size = number = 0
    with opened_text(file, encoding) as text:
        while line := text.readline(LINE_CHARACTERS):
            number += 1
            if not line.strip():
                continue
            lines.append(number)
            records.append(_parsed(file.path, number, line))
            size += len(line)
            if size >= BATCH_CHARACTERS:
                yield lines, records
                lines, records, size = lines[:0], records[:0], 0
    if records:
        yield lines, records


def _parsed(path: Path, number: int, line: str) -> Record:
    try:
        record = DECODER.decode(line)
        if "\\u" in line:  # half a surrogate pair is no text
            json.dumps(record, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _refused(path, number, line, str(error)) from error
    if not isinstance(record, dict):
        raise _refused(path, number, line, f"found {line.strip()[:40]}")
    return record


def _refused(path: Path, number: int, line: str, reason: str) -> UserError:
    expected = f"{path}, line {number}: expected one JSON object a line"
    if len(line) == LINE_CHARACTERS:
        return UserError(f"{expected}; this one has over {LINE_CHARACTERS >> 20} Mi characters.")
    if line.lstrip().startswith("["):
        return UserError(
            f"{expected}, found a list. pandas writes objects by "
            "to_json(..., orient='records', lines=True)."
        )
    return UserError(f"{expected} ({reason}).")


def _collect(kinds: Kinds, path: Path, lines: list[int], records: list[Record]) -> None:
    """Add what kinds of values each column has."""
    for record in records:
        if not record.keys() <= kinds.keys():
            kinds.update((name, set()) for name in record if name not in kinds)
    if len(kinds) > MOST_COLUMNS:
        raise UserError(f"{path}: more than {MOST_COLUMNS} keys; expected the same in each line.")
    for name, found in kinds.items():
        values = [record.get(name) for record in records]
        kinds[name] = found | kinds_of(values)
        if "nested" in kinds[name]:
            line, value = next(
                (line, value)
                for line, value in zip(lines, values, strict=True)
                if KINDS.get(type(value)) == "nested"
            )
            raise UserError(
                f"{path}, line {line}: {name!r} is {json.dumps(value)[:60]}; expected one number, "
                "text, truth value or null. Spread it over columns, or leave it out."
            )


def _batches(
    file: TableFile, encoding: str, keys: list[str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for _, records in _records(file, encoding):
        arrays = [
            pa.array(values_of(records, key, field.type), type=field.type)
            for key, field in zip(keys, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
