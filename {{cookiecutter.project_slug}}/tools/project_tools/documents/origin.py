"""A text about the example's data may not stand for other data."""

from __future__ import annotations

from pathlib import Path

from project_tools.documents.page import Problems
from project_tools.the_example import MARK, is_chosen


def project_of(path: Path) -> Path:
    """The project that a file of docs/ is in."""
    return path.resolve().parent.parent


def check(path: Path, text: str, problems: Problems) -> None:
    """Note a problem if the text says that it is the example's, and the data are not."""
    if MARK in text and not is_chosen(project_of(path)):
        line = text.count("\n", 0, text.index(MARK)) + 1
        told = "it is about the example's data, which are not the project's"
        asks = "`uv run replace-example --delete` asks for it"
        problems.add(line, f"{told}, expected a text about yours ({asks})")
