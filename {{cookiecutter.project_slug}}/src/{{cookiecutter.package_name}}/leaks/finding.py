"""What a leak test found, in words that say what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

MOST_NAMES = 5  # in a sentence


class Kind(Enum):
    """The kinds of leaks; each can be accepted by its name (``audit.accept``)."""

    duplicates = "duplicates"
    future = "future"
    groups = "groups"
    pictures = "pictures"
    statistics = "statistics"
    telling = "telling"


@dataclass(frozen=True)
class Finding:
    """One leak.

    Args:
        kind: what sort of leak.
        message: what was found, with numbers and names, why it is a leak, and what to do.
        rows: how many rows it concerns; 0 where it is about none in particular.
        examples: a few of them, or of the columns, groups or statistics concerned.
    """

    kind: Kind
    message: str
    rows: int
    examples: list[str]


def listed(names: Sequence[str]) -> str:
    """Return the first of ``names`` in a sentence, and how many more there are."""
    shown, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
