"""Where a claim points to: a file of JSON, a path of keys in it, and how the value is shown."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

METRICS = "reports/metrics.json"
SCALES = {"percent": 100, "points": 100}
LABELS = ("name", "class", "check")  # what an entry of a list is called by, beside its number


class ClaimError(ValueError):
    """A claim that cannot be checked; the message says what was expected."""


@dataclass(frozen=True)
class Source:
    """The file that a claim is about, as the text names it, and what it holds."""

    name: str
    content: Any

    @classmethod
    def load(cls, file: Path, name: str) -> Source:
        """Read JSON.

        Raises:
            ClaimError: when there is no such file, or it holds something else.
        """
        try:
            return cls(name, json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            mend = "`uv run dvc repro` makes it" if name == METRICS else "expected a file of JSON"
            raise ClaimError(f"{name} is not there yet: {mend}") from None
        except (OSError, ValueError) as error:
            raise ClaimError(f"{name} cannot be read: {error}") from error


def expected(source: Source, path: str, form: str, shown: str) -> str:
    """Return how the value at ``path`` is to be shown, with as many decimals as ``shown`` has.

    Raises:
        ClaimError: for an unknown path or form, or what is no number.
    """
    decimals = re.fullmatch(r"\.(\d)f", form)
    if form and form not in SCALES and not decimals:
        close = difflib.get_close_matches(form, SCALES, n=1)
        hint = f"Did you mean {close[0]}? " if close else ""
        raise ClaimError(f"{form}: unknown. {hint}Valid: percent, points, .2f")
    try:
        value = resolve(source.content, path)
    except KeyError:
        raise ClaimError(f"{path}: no such key in {source.name}. {nearest(source, path)}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        inside = [f"{path}.{key}" for key in value] if isinstance(value, dict) else []
        hint = f"One is {inside[0]}." if inside else nearest(source, path)
        raise ClaimError(f"{path}: expected a number. {hint}")
    places = int(decimals[1]) if decimals else len(shown.partition(".")[2])
    text = f"{SCALES.get(form, 1) * value:z,.{places}f}"
    text = text if "," in shown or abs(value) < 1000 else text.replace(",", "")
    return f"+{text}" if shown[0] == "+" and text[0] != "-" else text


def resolve(node: Any, path: str) -> Any:
    """Return what is at ``path``; a key may hold dots itself, and the longest that fits is taken.

    Raises:
        KeyError: when nothing is.
    """
    if not path:
        return node
    for key, value in sorted(_entries(node), key=lambda entry: -len(entry[0])):
        if path == key or path.startswith(f"{key}."):
            try:
                return resolve(value, path[len(key) + 1 :])
            except KeyError:
                continue
    raise KeyError(path)


def nearest(source: Source, path: str) -> str:
    """Return which number was probably meant."""
    known = list(_numbers(source.content))
    close = difflib.get_close_matches(path, known, n=1, cutoff=0.5)
    shown = close or known[:1]
    return f"{'Did you mean' if close else 'One is'} {shown[0]}?" if shown else "It has no numbers."


def _entries(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, dict):
        return [(str(key), value) for key, value in node.items()]
    if not isinstance(node, list):
        return []
    named = [(str(place), value) for place, value in enumerate(node)]
    for value in node:
        labels = [value[key] for key in LABELS if key in value] if isinstance(value, dict) else []
        named += [(str(label), value) for label in labels]
    return named


def _numbers(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _numbers(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _numbers(value, f"{path}.{place}" if path else str(place))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path
