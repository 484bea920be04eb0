"""What is wrong with what the score reads."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ScoreError(ValueError):
    """One line: where, what, and what was expected."""


def nearest(name: str, options: Iterable[str]) -> str:
    """Say which of ``options`` was probably meant, or list them."""
    names = list(options)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names)}."
