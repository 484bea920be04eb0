import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
import torch

from learn.transfer.seeded import seeded


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = random.getstate(), torch.get_rng_state()
    yield
    random.setstate(before[0])
    torch.set_rng_state(before[1])


def drawn() -> list[float]:
    return [random.random(), float(torch.rand(()))]


def test_a_block_draws_the_same_numbers_whatever_was_drawn_before() -> None:
    found: list[list[float]] = []
    for seed in (7, 7, 8):
        with seeded(seed):
            found.append(drawn())
    assert found[0] == found[1]
    assert all(one != other for one, other in zip(found[0], found[2], strict=True))


@pytest.mark.parametrize("fails", [False, True])
def test_a_block_leaves_no_trace_even_if_it_fails(fails: bool) -> None:
    before = random.getstate(), torch.get_rng_state()
    expected = drawn()
    random.setstate(before[0])
    torch.set_rng_state(before[1])
    with suppress(ZeroDivisionError), seeded(7):
        drawn()
        print(1 / (not fails))
    assert drawn() == expected


def test_an_error_of_the_block_is_not_swallowed() -> None:
    with pytest.raises(OSError, match="disk full"), seeded(7):
        raise OSError("disk full")
