"""Which tests are to show which items: read from the files of tests, without importing them.

So that a test which was left out of a run, or could not be imported, is missed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from project_tools.score.catalogue import NAMES
from project_tools.score.mistakes import ScoreError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "ml_test_score"
DEMO, PROJECT = SCOPES = ("demo", "project")


@dataclass(frozen=True)
class Mark:
    """One test, and an item that it is to show."""

    test: str  # tests/gate/test_verdict.py::test_name, as pytest names it
    item: str
    scope: str = PROJECT  # demo: it shows something of the example's data only


def marks_in(project: Path) -> list[Mark]:
    """Read the marks of all tests.

    Raises:
        ScoreError: at the first that names no item.
    """
    found: list[Mark] = []
    for file in sorted((project / "tests").rglob("test_*.py")):
        name = file.relative_to(project).as_posix()
        text = file.read_text(encoding="utf-8")
        if MARK in text:
            found += marks_of(text, name)
    return found


def marks_of(text: str, name: str) -> list[Mark]:
    """Read the marks of one file of tests, whose name is ``name``."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ScoreError(f"{name}:{error.lineno}: no Python ({error.msg}).") from error
    return list(_within(tree, name, name, []))


def _within(
    node: ast.Module | ast.ClassDef, test: str, file: str, above: list[tuple[str, str]]
) -> Iterator[Mark]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and _is_pytestmark(statement):
            value = statement.value
            listed = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
            above = [*above, *_items(listed, file)]
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own = [*above, *_items(statement.decorator_list, file)]
            place = f"{test}::{statement.name}"
            if isinstance(statement, ast.ClassDef):
                yield from _within(statement, place, file, own)
            elif statement.name.startswith("test"):
                yield from (Mark(place, item, scope) for item, scope in dict.fromkeys(own))


def _is_pytestmark(statement: ast.Assign) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "pytestmark" for one in statement.targets)


def _items(nodes: list[ast.expr], file: str) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr == MARK:
            raise ScoreError(f"{file}:{node.lineno}: {MARK} names no item.")
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != MARK:
            continue
        scopes = [_text(one.value) for one in node.keywords if one.arg == "scope"]
        scope = scopes[0] if scopes else PROJECT
        if scope not in SCOPES:
            problem = f"{file}:{node.lineno}: scope is {scope!r}."
            raise ScoreError(f"{problem} {nearest(scope, SCOPES)}")
        for item in [_text(one) for one in node.args] or [""]:
            if item not in NAMES:
                problem = f"{file}:{node.lineno}: {item!r} is no item."
                raise ScoreError(f"{problem} {nearest(item, NAMES)}")
            yield item, scope


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
