"""What conf/ says: the values of each choice, the comments beside them, and what stands on top."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Tree = dict[str, Any]
LINE = re.compile(r"^( *)([A-Za-z_]\w*):((?: .*?)?)(?: +# (.*))?$")
NOTE = re.compile(r"^(command|duration|expect): (.*)$")


@dataclass(frozen=True)
class Choice:
    """A file of a group: values with those it builds on, and what its comments say."""

    name: str
    says: str  # the lines on top
    notes: dict[str, str]  # of a whole configuration: command, duration, expect
    own: Tree  # what stands in this file
    values: Tree
    remarks: dict[str, str] = field(default_factory=dict)  # by dotted key
    based_on: str | None = None


def read_choice(file: Path) -> Choice:
    """Read a file of a group, and the files of its `defaults`."""
    text = file.read_text(encoding="utf-8")
    loaded = yaml.safe_load(text)
    own: Tree = loaded if isinstance(loaded, dict) else {}
    bases = [one for one in own.pop("defaults", []) if isinstance(one, str) and one != "_self_"]
    values: Tree = {}
    remarks: dict[str, str] = {}
    for base in bases:
        below = read_choice(file.with_name(f"{base}.yaml"))
        values = laid_over(values, below.values)
        remarks |= below.remarks
    says, notes = _top(text)
    values, remarks = laid_over(values, own), remarks | _remarks(text)
    return Choice(file.stem, says, notes, own, values, remarks, bases[-1] if bases else None)


def laid_over(base: Tree, over: Tree) -> Tree:
    """Return ``base`` with the values of ``over``, key by key at every depth."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = laid_over(old or {}, value) if both else value
    return merged


def _top(text: str) -> tuple[str, dict[str, str]]:
    words: list[str] = []
    notes: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        said = line.lstrip("# ")
        note = NOTE.match(said)
        if note:
            notes[note[1]] = note[2]
        elif not said.startswith("@package"):
            words.append(said)
    return " ".join(words), notes


def _remarks(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        depth = len(match[1])
        above = [one for one in above if one[0] < depth]
        above.append((depth, match[2]))
        if match[4]:
            found[".".join(name for _, name in above)] = match[4]
    return found
