"""Which type a column of JSON values has."""

from __future__ import annotations

import json

import pyarrow as pa

EXACT = 2**53  # up to here a whole number is the same as a float64
LARGEST = 2**63 - 1
Value = str | int | float | bool | None
Record = dict[str, Value]
KINDS: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "text",
    list: "nested",
    dict: "nested",
}


def kinds_of(values: list[Value]) -> set[str]:
    """Return what kinds of values there are; nulls are of none."""
    kinds = {KINDS[kind] for kind in set(map(type, values)) - {type(None)}}
    if "int" in kinds:
        numbers = [value for value in values if type(value) is int]
        largest = max(abs(max(numbers)), abs(min(numbers)))
        kinds |= {"large"} if largest > EXACT else set()
        kinds |= {"huge"} if largest > LARGEST else set()
    return kinds


def type_of(kinds: set[str]) -> pa.DataType:
    """Return the type that holds all of these kinds without changing a value; text if need be."""
    if kinds == {"bool"}:
        return pa.bool_()
    if kinds and kinds <= {"int", "large"}:
        return pa.int64()
    if kinds and kinds <= {"int", "float"}:
        return pa.float64()
    return pa.string()


def values_of(records: list[Record], key: str, wanted: pa.DataType) -> list[Value]:
    """Return the values of ``key``; what is not text is written as JSON where text is wanted."""
    values = [record.get(key) for record in records]
    if pa.types.is_string(wanted):
        return [v if isinstance(v, str) or v is None else json.dumps(v) for v in values]
    return values
