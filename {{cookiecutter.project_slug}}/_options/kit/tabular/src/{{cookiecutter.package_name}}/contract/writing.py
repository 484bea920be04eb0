"""A contract as YAML that people review: one line a column, names quoted where they must be."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING

from .contract import MISSING, Column, Contract

if TYPE_CHECKING:
    from yaml import Node

ONE_LINE = 2**30  # characters: a column is never folded
TAG = "tag:yaml.org,2002:"
HEADER = f"""\
# The data contract: what the table must be. It was guessed from the data once and is yours now:
# review it, correct it, commit it. Every run checks the data against it before anything is
# trained; what breaks it stops the run, by name. Rows to predict on must have the columns of
# features, with values of their kind; ranges and categories are not asked of them.
#
#   target, task   the column to predict, and whether it is a class or a number
#   key            names a row (unique, never missing); null: rows are told apart by their content
#   group, time    rows of one group stay in one split; a split by time follows this column
#   forbidden      columns that the model must not see: ids, copies of the target, what is only
#                  known afterwards
#   columns        one line each, all of the table:
#     kind           number, category, boolean, time (ISO 8601) or text (text is no feature)
#     min, max       allowed range of a number: guessed wider than what was seen; put real limits
#     unit           for people: years, mm, EUR
#     values         the categories allowed; leave it out to allow any
#     missing        largest share of rows without a value, from 0 to 1
#     sensitive      true: results are compared between groups of it
#     decimal_comma  true: numbers are written 1,5
#   split          what the splits were made with; another salt is another draw
#
# No value is: {", ".join(token or "an empty cell" for token in MISSING)}
"""


def as_yaml(contract: Contract) -> str:
    """Return the text of the file, header and all."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as fast, where there is C
    text = yaml.serialize(
        _document(contract), Dumper=dumper, allow_unicode=True, width=ONE_LINE, indent=2
    )
    return f"{HEADER}{text}"


def _document(contract: Contract) -> Node:
    columns = {name: _column(column) for name, column in contract.columns.items()}
    split = {
        "salt": _scalar(contract.split.salt),
        "val_from": _scalar(contract.split.val_from),
        "test_from": _scalar(contract.split.test_from),
    }
    return _mapping(
        {
            "source": _scalar(contract.source),
            "target": _scalar(contract.target),
            "task": _scalar(contract.task),
            "key": _scalar(contract.key),
            "group": _scalar(contract.group),
            "time": _scalar(contract.time),
            "forbidden": _sequence(contract.forbidden),
            "split": _mapping(split, flow=True),
            "columns": _mapping(columns),
        }
    )


def _column(column: Column) -> Node:
    said: dict[str, Node] = {}
    for each in fields(Column):
        value = getattr(column, each.name)
        if value is None or value is False:
            continue
        said[each.name] = _sequence(value) if isinstance(value, tuple) else _scalar(value)
    return _mapping(said, flow=True)


def _mapping(items: dict[str, Node], *, flow: bool = False) -> Node:
    from yaml import MappingNode

    pairs = [(_scalar(key), value) for key, value in items.items()]
    return MappingNode(f"{TAG}map", pairs, flow_style=flow)


def _sequence(values: tuple[str, ...]) -> Node:
    from yaml import SequenceNode

    return SequenceNode(f"{TAG}seq", [_scalar(value) for value in values], flow_style=True)


def _scalar(value: str | float | Enum | None) -> Node:
    """Return a node that says its type; the emitter quotes what would read as another."""
    from yaml import ScalarNode

    if isinstance(value, Enum):
        value = str(value.value)
    if value is None:
        return ScalarNode(f"{TAG}null", "null")
    if isinstance(value, bool):
        return ScalarNode(f"{TAG}bool", str(value).lower())
    if isinstance(value, str):
        return ScalarNode(f"{TAG}str", value)
    if value == int(value) and abs(value) < 1e15:
        return ScalarNode(f"{TAG}int", str(int(value)))
    text = repr(float(value))
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 reads 1e-05 as text
    return ScalarNode(f"{TAG}float", text)
