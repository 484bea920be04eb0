"""Make the next item while one is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def made_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield ``items`` in order; a thread makes one more than was asked for.

    What making one raises is raised where it would have been yielded. It pays where the makers and
    the users of items do without Python's lock: polars computes so, and files are so written.
    """
    iterator = iter(items)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, iterator)
        while True:
            try:
                item = coming.result()
            except StopIteration:
                return
            coming = pool.submit(next, iterator)
            yield item
