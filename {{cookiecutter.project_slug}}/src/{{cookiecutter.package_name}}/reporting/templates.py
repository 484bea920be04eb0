"""Jinja as every page of the project wants it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

COMMON = Path(__file__).parent  # the style and the macros that all pages share


def templates_in(folder: Path) -> Environment:
    """Return the templates of ``folder``; a name that is not given to them is an error."""
    return Environment(
        loader=FileSystemLoader([folder, COMMON]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
