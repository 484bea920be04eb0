from itertools import chain
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.training import batches as batches_of
from {{ cookiecutter.package_name }}.training.batches import Batches, RowsInBatches, Share


def rows_of(batches: Batches, epoch: int = 0) -> list[list[int]]:
    """The rows of each batch of one epoch, in order."""
    batches.set_epoch(epoch)
    return [share.rows.tolist() for share in batches]


def order(batches: Batches, epoch: int = 0) -> list[int]:
    """The rows of one epoch, in order."""
    return list(chain.from_iterable(rows_of(batches, epoch)))


def for_rank(rank: int, world_size: int, rows: int = 100, batch_size: int = 8) -> Batches:
    batches = Batches(rows, batch_size, 0)
    batches.rank, batches.world_size = rank, world_size
    return batches


def share(*rows: int) -> Share:
    """These rows, as the only process takes them."""
    numbers = torch.tensor(rows)
    return Share(numbers, numbers, 0)


@pytest.mark.parametrize("block", [None, 5, 100])
@pytest.mark.parametrize("rows", [1, 31, 32, 33])
@pytest.mark.parametrize("seed", [None, 5])
def test_every_row_comes_once_an_epoch(rows: int, seed: int | None, block: int | None) -> None:
    found = rows_of(Batches(rows, 8, seed, block=block))
    assert sorted(chain.from_iterable(found)) == list(range(rows))
    assert len(found) == len(Batches(rows, 8, seed))
    assert all(len(batch) == 8 for batch in found[:-1])


def test_no_training_batch_of_one_row_reaches_batch_normalisation() -> None:
    assert [len(batch) for batch in rows_of(Batches(33, 8, seed=5))] == [8, 8, 8, 9]
    assert [len(batch) for batch in rows_of(Batches(33, 8))] == [8, 8, 8, 8, 1]
    for rank in range(2):  # two rows in each of two processes
        found = rows_of(for_rank(rank, 2, rows=35))
        assert [len(batch) for batch in found] == [4, 4, 4, [6, 5][rank]]


@pytest.mark.parametrize("block", [None, 10])
@pytest.mark.ml_test_score("infra-1")
def test_the_order_follows_from_seed_and_epoch_alone(block: int | None) -> None:
    def drawn(seed: int, epoch: int, *, reshuffle: bool = True) -> list[int]:
        torch.rand(3)  # whatever else draws random numbers
        return order(Batches(100, 8, seed, reshuffle=reshuffle, block=block), epoch)

    assert drawn(0, 3) == drawn(0, 3)
    orders = [drawn(0, 3), drawn(0, 4), drawn(1, 3), list(range(100))]
    assert all(first != second for i, first in enumerate(orders) for second in orders[:i])
    assert drawn(0, 3, reshuffle=False) == drawn(0, 0, reshuffle=False)


def test_each_batch_of_each_process_draws_other_random_numbers_and_the_same_again() -> None:
    def keys(seed: int, epoch: int, rank: int) -> list[int]:
        batches = Batches(100, 8, seed, reshuffle=False)
        batches.rank, batches.world_size = rank, 2
        batches.set_epoch(epoch)
        return [share.key for share in batches]

    every = [key for place in [(0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1)] for key in keys(*place)]
    assert len(set(every)) == len(every)
    assert keys(0, 1, 1) == keys(0, 1, 1)


def test_an_epoch_that_was_interrupted_goes_on_with_the_batch_it_had_got_to() -> None:
    whole, rest = Batches(100, 8, 0), Batches(100, 8, 0)
    rest.first = 5
    for epoch, first in ((3, 5), (4, 0)):  # the next one is whole
        whole.set_epoch(epoch)
        rest.set_epoch(epoch)
        expected = [(share.rows.tolist(), share.key) for share in whole]
        assert [(share.rows.tolist(), share.key) for share in rest] == expected[first:]
        assert len(rest) == len(whole)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(rows=st.integers(1, 400), block=st.integers(1, 50), seed=st.integers(0, 99))
def test_rows_on_disk_are_mixed_with_those_of_a_few_blocks_only(
    rows: int, block: int, seed: int
) -> None:
    found = order(Batches(rows, 8, seed, block=block))
    assert sorted(found) == list(range(rows))
    blocks = list(dict.fromkeys(row // block for row in found))  # as they are first met
    place = {number: position for position, number in enumerate(blocks)}
    groups = [place[row // block] // batches_of.BLOCKS_AT_ONCE for row in found]
    assert groups == sorted(groups)  # what lies together is read once, and then left


def test_blocks_and_the_rows_within_them_come_in_random_order() -> None:
    found = order(Batches(1000, 8, 0, block=20))
    assert {row // 20 for row in found[:160]} != set(range(batches_of.BLOCKS_AT_ONCE))
    for part in (found[:160], found[160:320]):  # of eight blocks each
        assert len({row // 20 for row in part}) == batches_of.BLOCKS_AT_ONCE
        assert len({row // 20 for row in part[:16]}) > 4  # a batch is not of one place


@pytest.mark.parametrize(("rows", "ranks"), [(96, 4), (100, 3), (10, 8)])
def test_processes_share_each_batch_of_one_process(rows: int, ranks: int) -> None:
    alone = rows_of(for_rank(0, 1, rows))
    shares = [list(for_rank(rank, ranks, rows)) for rank in range(ranks)]
    assert len({len(share) for share in shares}) == 1
    together = [
        sorted(row for one in parts for row in one.rows.tolist())
        for parts in zip(*shares, strict=True)
    ]
    if rows % 8 == 0 or rows % 8 >= 2 * ranks:  # or else the last two batches are one
        assert together == [sorted(batch) for batch in alone]
    assert sorted(chain.from_iterable(together)) == list(range(rows))
    for parts in zip(*shares, strict=True):
        assert {tuple(one.all_rows.tolist()) for one in parts} == {
            tuple(parts[0].all_rows.tolist())
        }


def test_rows_on_disk_give_the_same_batches_as_rows_in_memory(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    np.save(tmp_path / "inputs.npy", values)
    mapped, targets = np.load(tmp_path / "inputs.npy", mmap_mode="r"), np.arange(50)
    on_disk, in_memory = (RowsInBatches(mapped, targets, share) for share in (0.0, 1.0))
    assert (on_disk.on_disk, in_memory.on_disk) == (True, False)
    assert isinstance(on_disk.inputs, np.memmap)
    assert isinstance(in_memory.inputs, torch.Tensor)
    for rows in ([3, 1, 2], [49], list(range(50))):
        first, second = on_disk[share(*rows)], in_memory[share(*rows)]
        assert torch.equal(first.inputs, second.inputs)
        assert first.targets.tolist() == second.targets.tolist() == rows
        np.testing.assert_array_equal(first.inputs, values[rows])


def test_a_process_knows_the_targets_of_the_whole_batch() -> None:
    rows = RowsInBatches(np.zeros((9, 2), np.float32), np.arange(9), 1.0)
    batch = rows[Share(torch.tensor([4, 2]), torch.tensor([4, 7, 2]), 1)]
    assert (batch.targets.tolist(), batch.all_targets.tolist()) == ([4, 2], [4, 7, 2])


def test_what_takes_more_than_its_share_of_the_memory_stays_on_disk() -> None:
    inputs, memory = np.zeros((64, 1024), np.float32), psutil.virtual_memory().total
    share = inputs.nbytes / memory
    assert not RowsInBatches(inputs, np.zeros(64), share * 1.01).on_disk
    assert RowsInBatches(inputs, np.zeros(64), share * 0.99).on_disk


def test_only_rows_on_disk_are_read_in_blocks_of_some_megabytes() -> None:
    inputs = np.zeros((64, 1024), np.float32)
    assert RowsInBatches(inputs, np.zeros(64), 1.0).rows_of_block is None
    assert RowsInBatches(inputs, np.zeros(64), 0.0).rows_of_block == batches_of.BLOCK_BYTES // 4096
    wide = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (4, 1 << 23), (0, 0))
    assert RowsInBatches(wide, np.zeros(4), 0.0).rows_of_block == 1


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_rows_that_fit_a_gpu_lie_there_and_others_do_not() -> None:
    device, targets = torch.device("cuda", 0), np.arange(64)
    rows = RowsInBatches(np.arange(128, dtype=np.float32).reshape(64, 2), targets, 1.0)
    assert rows.move_to(device)
    numbers = torch.tensor([5, 3], device=device)
    batch = rows[Share(numbers, numbers, 0)]
    assert (batch.inputs.device.type, batch.inputs.tolist()) == ("cuda", [[10, 11], [6, 7]])
    wide = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (64, 1 << 32), (0, 0))
    assert not RowsInBatches(wide, targets, 0.0).move_to(device)
