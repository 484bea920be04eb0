"""How far something long has come, where a person is watching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterable[T]:
    """Yield ``items`` under a bar, which a terminal shows and a log does not.

    Args:
        items: what is worked on, one after the other.
        what: the words before the bar.
        total: how many there are, where ``items`` do not know.
    """
    from tqdm import tqdm

    # None: shown on a terminal only. A second passes before it is drawn, so that nothing flickers.
    return tqdm(items, what, total, leave=False, disable=None, delay=1.0)
