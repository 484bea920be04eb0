import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from learn.transfer.reservoir import sample


class Item:
    """Something that tells when it is forgotten."""


def test_all_are_returned_if_there_are_no_more() -> None:
    assert sorted(sample(iter(range(4)), 10, 0)) == [0, 1, 2, 3]
    assert sample([], 10, 0) == []


def test_it_is_a_sample_without_repetition_and_a_function_of_the_seed() -> None:
    first, same, other = (sample(iter(range(1000)), 50, seed) for seed in (0, 0, 1))
    assert len(set(first)) == 50
    assert first == same
    assert first != other


def test_each_item_has_the_same_chance_wherever_it_comes() -> None:
    drawn = np.concatenate([sample(range(20), 5, seed) for seed in range(4000)])
    chances = np.bincount(drawn, minlength=20) / 4000
    assert chances == pytest.approx(0.25, abs=0.03)  # more than four standard errors


def test_no_more_are_kept_in_memory_than_are_asked_for() -> None:
    alive: list[int] = []

    def stream() -> Iterator[Item]:
        known: list[weakref.ref[Item]] = []
        for _ in range(200):
            item = Item()
            known.append(weakref.ref(item))
            yield item
            del item
            alive.append(sum(one() is not None for one in known))

    sample(stream(), 5, 0)
    assert max(alive) <= 6  # and the one that is looked at
