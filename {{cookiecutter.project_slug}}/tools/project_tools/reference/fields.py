"""What config/ says of each key: read as text, since a comment is no part of a running program."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class UndescribedError(ValueError):
    """Something that cannot be described; the message says where it stands and what is missing."""


@dataclass(frozen=True)
class Field:
    """A key: its name, its type as it stands in the code, and the comment beside or above it."""

    name: str
    kind: str
    remark: str


@dataclass(frozen=True)
class Enumeration:
    """A type with a few values."""

    says: str
    values: list[str]


@dataclass
class Schema:
    """The dataclasses and enumerations of some modules, by name."""

    fields: dict[str, list[Field]] = field(default_factory=dict)
    bases: dict[str, list[str]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    enumerations: dict[str, Enumeration] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)  # `_target_` -> class

    def all_fields(self, name: str) -> list[Field]:
        """Return a class's fields, those of the classes above it first."""
        above = [one for base in self.bases[name] for one in self.all_fields(base)]
        return [*above, *self.fields[name]]

    def kind_within(self, kind: str) -> str | None:
        """Return the class of a group inside a group (also `X | None`), if it is one."""
        name = kind.removesuffix(" | None")
        return name if name in self.fields else None

    def kind_listed(self, kind: str) -> str | None:
        """Return the class of a list's entries, if it is one."""
        name = kind.removeprefix("list[").removesuffix("]")
        return name if kind != name and name in self.fields else None


def read(files: list[Path]) -> Schema:
    """Read the classes of modules, and the modules from which they take names of the package."""
    schema = Schema()
    for file in _with_imported(files):
        text = file.read_text(encoding="utf-8")
        remarks = _remarks(text)
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                _add_class(schema, node, remarks)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Name):
                        schema.targets[str(key.value)] = value.id
    return schema


def _with_imported(files: list[Path]) -> Iterator[Path]:
    """Those that they import first: a class of the same name in the files themselves is meant."""
    imported: dict[Path, None] = {}
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.level and node.module:
                place = file.parents[node.level - 1].joinpath(*node.module.split("."))
                found = [place.with_suffix(".py"), place / "__init__.py"]
                imported |= dict.fromkeys(one for one in found if one.is_file())
    yield from (file for file in imported if file not in files)
    yield from files


def _add_class(schema: Schema, node: ast.ClassDef, remarks: dict[int, str]) -> None:
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    says = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].replace("``", "`").split())
    if "Enum" in bases:
        values = [
            str(one.value.value)
            for one in node.body
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
        ]
        schema.enumerations[node.name] = Enumeration(says, values)
        return
    schema.says[node.name] = says
    schema.bases[node.name] = [base for base in bases if base in schema.fields]
    schema.fields[node.name] = [
        Field(one.target.id, ast.unparse(one.annotation), _remark_of(one, remarks))
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]


def _remark_of(node: ast.AnnAssign, remarks: dict[int, str]) -> str:
    """The comment on the field's line, or else the lines of comment right above it."""
    if node.end_lineno in remarks:
        return remarks[node.end_lineno]
    above: list[str] = []
    line = node.lineno - 1
    while -line in remarks:
        above.insert(0, remarks[-line])
        line -= 1
    return " ".join(above)


def _remarks(text: str) -> dict[int, str]:
    """Comments by their line; those that stand alone in theirs by its negative."""
    found: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            alone = not token.line[: token.start[1]].strip()
            found[-token.start[0] if alone else token.start[0]] = token.string.lstrip("# ")
    return found
