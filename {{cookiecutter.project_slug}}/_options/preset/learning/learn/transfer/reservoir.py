"""A fair sample of what goes by only once."""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def sample(items: Iterable[T], size: int, seed: int) -> list[T]:
    """Return `size` of the items, each with the same chance; all of them if there are no more.

    Keeps no more than that in memory (Vitter 1985, algorithm R).
    """
    random = np.random.default_rng(seed)
    kept: list[T] = []
    for number, item in enumerate(items):
        if number < size:
            kept.append(item)
            continue
        place = int(random.integers(number + 1))
        if place < size:
            kept[place] = item
    return kept
