"""Python's search for garbage, which would look through half a million objects of packages."""

from __future__ import annotations

import atexit
import gc

USUAL = gc.get_threshold()
SELDOM = 100_000  # new objects since the last search


def search_seldom() -> None:
    """Search seldom from now on, and not at all as the process ends.

    What packages bring is there to stay. Of a process that imports torch and lightning, the
    searches while it does take a tenth of the time, and those at its end a fifth.
    """
    gc.set_threshold(SELDOM, *USUAL[1:])
    atexit.register(gc.freeze)


def search_as_usual() -> None:
    """Search as often as Python does: what was made since may be large."""
    gc.set_threshold(*USUAL)
