"""A file as a table: its columns, and the schema that all shards of a source are written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ..runtime.errors import UserError

MOST_NAMES = 5  # in a message


@dataclass(frozen=True)
class Table:
    """One file whose columns are known, to be read as often as wanted."""

    path: Path
    schema: pa.Schema
    batches: Callable[[], Iterator[pa.RecordBatch]]  # each call reads from the beginning
    notes: tuple[str, ...] = ()


def some(names: Sequence[object]) -> str:
    """List the first few in quotes, and say how many there are more."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(repr(name) for name in names[:MOST_NAMES]) + more


def check_names(path: Path, found: Sequence[str]) -> list[str]:
    """Return the names of the columns without the blanks around them.

    Raises:
        UserError: when a column has no name, or two have the same.
    """
    names = [name.strip() for name in found]
    unnamed = [place for place, name in enumerate(names, start=1) if not name]
    problems: list[str] = []
    if unnamed:
        places = ", ".join(map(str, unnamed[:MOST_NAMES]))
        more = f" and {len(unnamed) - MOST_NAMES} more" if len(unnamed) > MOST_NAMES else ""
        hint = " (an index that pandas wrote? `to_csv(..., index=False)`)" if unnamed == [1] else ""
        problems.append(f"no name for column {places}{more}{hint}")
    repeated = [name for name, count in Counter(names).items() if name and count > 1]
    for name in repeated[:MOST_NAMES]:
        places = ", ".join(str(i) for i, other in enumerate(names, start=1) if other == name)
        problems.append(f"{name!r} is the name of columns {places}")
    if len(repeated) > MOST_NAMES:
        problems.append(f"{len(repeated) - MOST_NAMES} more names are given twice")
    if problems:
        raise UserError(
            f"{path}: every column needs a name of its own (blanks around it do not count): "
            f"{'; '.join(problems)}."
        )
    return names


def common_schema(tables: Sequence[Table]) -> pa.Schema:
    """Return the schema that every table can be written in, columns in the order of the first.

    Whole numbers in one shard and decimals in another make decimals; a column without any value
    takes the type of the other shards.

    Raises:
        UserError: when a shard has other columns, or a type that does not go with the others'.
    """
    first = tables[0]
    fields = {field.name: field for field in first.schema}
    for table in tables[1:]:
        _check_same_columns(first, table)
        for field in table.schema:
            so_far = fields[field.name]
            if so_far.type != field.type:
                fields[field.name] = _merged(so_far, field, table.path)
    return pa.schema(
        field.with_type(pa.string()) if pa.types.is_null(field.type) else field
        for field in fields.values()
    )


def _check_same_columns(first: Table, other: Table) -> None:
    expected, found = first.schema.names, other.schema.names
    lacking = [name for name in expected if name not in set(found)]
    besides = [name for name in found if name not in set(expected)]
    if lacking or besides:
        parts = [f"lacks {some(lacking)}"] * bool(lacking) + [
            f"has {some(besides)} besides"
        ] * bool(besides)
        raise UserError(
            f"{other.path}: expected the columns of {first.path.name}; it {' and '.join(parts)}. "
            "Shards of one folder have the same columns."
        )


def _merged(one: pa.Field, other: pa.Field, path: Path) -> pa.Field:
    try:
        schemas = [pa.schema([one]), pa.schema([other])]
        return pa.unify_schemas(schemas, promote_options="permissive").field(0)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UserError(
            f"{path}: column {one.name!r} is {other.type} here and {one.type} in the shards before "
            "it. Write it with one type."
        ) from error


def conformed(table: Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table with the columns and types of ``schema``.

    Raises:
        UserError: when a value would change, as a whole number above 2**53 does among decimals.
    """
    for batch in table.batches():
        if batch.schema.equals(schema):
            yield batch
            continue
        arrays: list[pa.Array] = []
        for field in schema:
            try:
                arrays.append(batch.column(field.name).cast(field.type))
            except pa.ArrowInvalid as error:
                raise UserError(
                    f"{table.path}: column {field.name!r} is {field.type} in other shards, and "
                    f"cannot become that ({error}). Write it with one type."
                ) from error
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
