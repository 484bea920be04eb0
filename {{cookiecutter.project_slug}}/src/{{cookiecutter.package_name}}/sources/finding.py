"""``data.source=NAME`` -> the module NAME of this folder, which writes the raw data."""

from __future__ import annotations

import importlib
from pathlib import Path

from ..runtime.errors import UserError, nearest


def known() -> list[str]:
    """Return the names of the modules here that are a source."""
    files = Path(__file__).parent.glob("*.py")
    return sorted({file.stem for file in files} - {"__init__", Path(__file__).stem})


def write_from(source: str, raw: Path, path: str | None, *, besides: str) -> None:
    """Let the module ``source`` of this folder write what a user's own data would be copied to.

    Args:
        source: name of a module with ``write(raw, path)``.
        raw: folder to write to, which is not there yet.
        path: which data, in words that the module understands.
        besides: the source that no module is needed for.

    Raises:
        UserError: when there is no such module.
    """
    names = [besides, *known()]
    if source not in names:
        raise UserError(f"data.source={source}: no such source. {nearest(source, names)}")
    importlib.import_module(f".{source}", __package__).write(raw, path)
