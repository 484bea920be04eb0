"""Numbers of metrics.json in Markdown, each with the comment by which `uv run claims` finds it."""

from __future__ import annotations

import re
from typing import Any

from .shown import PERCENT, POINTS, shown

NO_CLAIM, BEGIN, END = (f"<!-- not a claim{part} -->" for part in ("", ": begin", ": end"))


def claimed(metrics: dict[str, Any], path: str, how: str) -> str:
    """Return the number at ``path`` (keys and places, joined by dots), and where it is from.

    Raises:
        KeyError: when nothing is there.
    """
    value = _at(metrics, path)
    form = how if how in (PERCENT, POINTS) else re.sub("[+,]", "", how)
    text = shown(value, how)
    return text if "e" in form.removeprefix(PERCENT) else f"{text}<!-- claim: {path} {form} -->"


def with_interval(metrics: dict[str, Any], path: str, how: str) -> str:
    """Return the value of the entry at ``path`` with its interval."""
    value, low, high = (claimed(metrics, f"{path}.{key}", how) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def rows_of(metrics: dict[str, Any], path: str) -> str:
    """Return the number of rows at ``path``."""
    return claimed(metrics, path, ",.0f")


def _at(metrics: Any, path: str) -> Any:
    """A key may hold dots itself; the longest that fits is taken, as the checker does."""
    if not path:
        return metrics
    pairs = enumerate(metrics) if isinstance(metrics, list) else metrics.items()
    entries = {str(key): value for key, value in pairs}
    for key in sorted(entries, key=len, reverse=True):
        if path == key or path.startswith(f"{key}."):
            return _at(entries[key], path[len(key) + 1 :])
    raise KeyError(path)


def name(text: str) -> str:
    """Return a name from the data as code, which nothing in it can end."""
    line = " ".join(text.split()).replace("|", "\\|") or " "
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, but for what stands in backticks."""
    parts = re.split("(`[^`]+`)", " ".join(text.split()))
    escaped = [re.sub(r"([\\*_\[\]<>|~&$#])", r"\\\1", part) for part in parts[::2]]
    codes = [part.replace("|", "\\|") for part in parts[1::2]]
    return "".join(part for pair in zip(escaped, [*codes, ""], strict=True) for part in pair)


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table."""
    marks = [":--"] * len(head)
    return [f"| {' | '.join(row)} |" for row in (head, marks, *rows)]
