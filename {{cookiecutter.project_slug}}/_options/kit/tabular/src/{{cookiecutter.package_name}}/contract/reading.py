"""YAML -> contract, with one clear line about the first thing that is wrong.

The nodes of the document are read, not Python objects: a category that YAML would take for a
boolean (`values: [yes, no]`) or a number stays the text that it is, and each error knows its line.
"""

from __future__ import annotations

import math
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..runtime.errors import UserError, nearest
from .checks import check_columns, check_roles
from .contract import Column, Contract, Kind, SplitRecord, Task

if TYPE_CHECKING:
    from yaml import Node

NULL, BOOLEAN = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
Choice = TypeVar("Choice", bound=Enum)


def read_contract(file: Path) -> Contract:
    """Read and check the contract in ``file``.

    Raises:
        UserError: when there is no such file, or it is no contract; it names line and key.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(file.read_text("utf-8"), Loader=loader)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: cannot be read ({error}).") from error
    except yaml.YAMLError as error:
        raise UserError(f"{file}: is no YAML ({' '.join(str(error).split())}).") from error
    try:
        contract = _contract(root)
        check_roles(contract)
        check_columns(contract)
    except ValueError as error:
        raise UserError(f"{file}: {error}") from error
    return contract


def _contract(root: Node | None) -> Contract:
    known = [each.name for each in fields(Contract)]
    given = _mapping(root, "the file", known)
    for name in ("target", "task", "columns"):
        if name not in given:
            raise ValueError(f"{name}: is not there. Expected: {', '.join(known)}.")
    columns = {
        name: _column(node, f"columns.{name}")
        for name, node in _mapping(given["columns"], "columns").items()
    }
    return Contract(
        source=_text(given, "source") or "",
        target=_text(given, "target") or "",
        task=_choice(given["task"], "task", Task),
        columns=columns,
        key=_text(given, "key"),
        group=_text(given, "group"),
        time=_text(given, "time"),
        forbidden=_texts(given, "forbidden") or (),
        split=_split(given.get("split")),
    )


def _column(node: Node, place: str) -> Column:
    given = _mapping(node, place, [each.name for each in fields(Column)])
    if "kind" not in given:
        raise _wrong(node, f"{place}.kind", "null", f"one of {', '.join(Kind.__members__)}")
    return Column(
        kind=_choice(given["kind"], f"{place}.kind", Kind),
        unit=_text(given, "unit", place),
        min=_number(given, "min", place),
        max=_number(given, "max", place),
        values=_texts(given, "values", place),
        missing=_number(given, "missing", place) or 0,
        sensitive=_boolean(given, "sensitive", place),
        decimal_comma=_boolean(given, "decimal_comma", place),
    )


def _split(node: Node | None) -> SplitRecord:
    if node is None or node.tag == NULL:
        return SplitRecord()
    given = _mapping(node, "split", [each.name for each in fields(SplitRecord)])
    salt = _number(given, "salt", "split") or 0
    if salt != int(salt):
        raise _wrong(given["salt"], "split.salt", given["salt"].value, "a whole number")
    val_from, test_from = _text(given, "val_from", "split"), _text(given, "test_from", "split")
    return SplitRecord(int(salt), val_from, test_from)


def _mapping(node: Node | None, place: str, known: list[str] | None = None) -> dict[str, Node]:
    """Return the values of a mapping by their keys, as they are written."""
    from yaml import MappingNode

    if not isinstance(node, MappingNode):
        raise _wrong(node, place, "" if node is None else node.value, "keys with values")
    found: dict[str, Node] = {}
    for key, value in node.value:
        if key.value in found:
            raise ValueError(f"line {_line(key)}: {place} has {key.value!r} twice.")
        if known is not None and key.value not in known:
            hint = nearest(str(key.value), known)
            raise ValueError(f"line {_line(key)}: {place} has no key {key.value!r}. {hint}")
        found[str(key.value)] = value
    return found


def _text(given: dict[str, Node], name: str, place: str = "") -> str | None:
    from yaml import ScalarNode

    node = given.get(name)
    if node is None or node.tag == NULL:
        return None
    if not isinstance(node, ScalarNode):
        raise _wrong(node, f"{place}.{name}".lstrip("."), "a list or mapping", "one text")
    return str(node.value)


def _texts(given: dict[str, Node], name: str, place: str = "") -> tuple[str, ...] | None:
    from yaml import ScalarNode, SequenceNode

    node, place = given.get(name), f"{place}.{name}".lstrip(".")
    if node is None or node.tag == NULL:
        return None
    if not isinstance(node, SequenceNode):
        raise _wrong(node, place, node.value, "a list, such as [a, b]")
    for item in node.value:
        if not isinstance(item, ScalarNode):
            raise _wrong(item, place, "a list or mapping", "a list of texts")
    return tuple(str(item.value) for item in node.value)


def _number(given: dict[str, Node], name: str, place: str) -> float | None:
    text = _text(given, name, place)
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(given[name], f"{place}.{name}", text, "a number")
    return number


def _boolean(given: dict[str, Node], name: str, place: str) -> bool:
    text = _text(given, name, place)
    if text is None:
        return False
    if given[name].tag != BOOLEAN:
        raise _wrong(given[name], f"{place}.{name}", text, "true or false")
    return text.lower() in ("true", "yes", "on")


def _choice(node: Node, place: str, choices: type[Choice]) -> Choice:
    name = str(node.value)
    if name not in choices.__members__:
        raise ValueError(
            f"line {_line(node)}: {place}={name}: {nearest(name, choices.__members__)}"
        )
    return choices[name]


def _wrong(node: Node | None, place: str, value: object, expected: str) -> ValueError:
    where = "" if node is None else f"line {_line(node)}: "
    return ValueError(f"{where}{place}={value}: expected {expected}.")


def _line(node: Node) -> int:
    return node.start_mark.line + 1
