from itertools import chain
from pathlib import Path
from typing import cast

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import data as data_of
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.data import Batches, PreparedData, RowsInBatches


def prepared_data(prepared: Path, config: Config, memory_share: float = 1.0) -> PreparedData:
    """The batches of ``prepared`` as training gets them."""
    return PreparedData(
        prepared,
        fold=None,
        batch_size=16,
        augmentation=config.data.augmentation,
        memory_share=memory_share,
        seed=0,
    )


def order(batches: Batches, epoch: int = 0) -> list[int]:
    """The rows of one epoch, in order."""
    batches.set_epoch(epoch)
    return list(chain.from_iterable(batches))


@pytest.mark.parametrize("block", [None, 5, 100])
@pytest.mark.parametrize("rows", [1, 31, 32, 33])
@pytest.mark.parametrize("seed", [None, 5])
def test_every_row_comes_once_an_epoch(rows: int, seed: int | None, block: int | None) -> None:
    batches = list(Batches(rows, 8, seed, block=block))
    assert sorted(chain.from_iterable(batches)) == list(range(rows))
    assert len(batches) == len(Batches(rows, 8, seed))
    assert all(len(batch) == 8 for batch in batches[:-1] if len(batches[-1]) <= 8)


def test_no_training_batch_of_one_row_reaches_batch_normalisation() -> None:
    assert [len(batch) for batch in Batches(33, 8, seed=5)] == [8, 8, 8, 9]
    assert len(Batches(33, 8, seed=5)) == 4
    assert [len(batch) for batch in Batches(33, 8)] == [8, 8, 8, 8, 1]


@pytest.mark.parametrize("block", [None, 10])
def test_the_order_follows_from_seed_and_epoch_alone(block: int | None) -> None:
    def drawn(seed: int, epoch: int, *, reshuffle: bool = True) -> list[int]:
        torch.rand(3)  # whatever else draws random numbers
        return order(Batches(100, 8, seed, reshuffle=reshuffle, block=block), epoch)

    assert drawn(0, 3) == drawn(0, 3)
    orders = [drawn(0, 3), drawn(0, 4), drawn(1, 3), list(range(100))]
    assert all(first != second for i, first in enumerate(orders) for second in orders[:i])
    assert drawn(0, 3, reshuffle=False) == drawn(0, 0, reshuffle=False)


@settings(max_examples=50, deadline=None)
@given(rows=st.integers(1, 400), block=st.integers(1, 50), seed=st.integers(0, 99))
def test_rows_on_disk_are_mixed_with_those_of_a_few_blocks_only(
    rows: int, block: int, seed: int
) -> None:
    found = order(Batches(rows, 8, seed, block=block))
    assert sorted(found) == list(range(rows))
    blocks = list(dict.fromkeys(row // block for row in found))  # as they are first met
    place = {number: position for position, number in enumerate(blocks)}
    groups = [place[row // block] // data_of.BLOCKS_AT_ONCE for row in found]
    assert groups == sorted(groups)  # what lies together is read once, and then left


def test_blocks_and_the_rows_within_them_come_in_random_order() -> None:
    found = order(Batches(1000, 8, 0, block=20))
    assert {row // 20 for row in found[:160]} != set(range(data_of.BLOCKS_AT_ONCE))
    for part in (found[:160], found[160:320]):  # of eight blocks each
        assert len({row // 20 for row in part}) == data_of.BLOCKS_AT_ONCE
        assert len({row // 20 for row in part[:16]}) > 4  # a batch is not of one place


@pytest.mark.parametrize(("rows", "ranks"), [(96, 4), (100, 3)])
def test_processes_share_an_epoch_without_overlap_in_as_many_steps(rows: int, ranks: int) -> None:
    shares = []
    for rank in range(ranks):
        batches = Batches(rows, 8, 0)
        batches.rank, batches.world_size = rank, ranks
        shares.append(list(batches))
    assert len({len(share) for share in shares}) == 1
    seen = [row for share in shares for batch in share for row in batch]
    assert len(seen) == len(set(seen))
    assert len(seen) > rows - 8 * ranks


def test_with_more_processes_than_batches_each_still_has_work() -> None:
    batches = Batches(10, 8, 0)
    batches.rank, batches.world_size = 7, 8
    assert len(list(batches)) == 1


@pytest.mark.parametrize("memory_share", [0.0, 1.0])
def test_batches_are_rows_of_the_prepared_arrays(
    prepared: Path, memory_share: float, default_config: Config
) -> None:
    data = prepared_data(prepared, default_config, memory_share)
    for split, loader in (("train", data.train_dataloader()), ("val", data.val_dataloader())):
        rows = load_split(prepared, split)
        found = list(chain.from_iterable(cast(Batches, loader.sampler)))
        batches = list(loader)
        np.testing.assert_array_equal(torch.cat([one[0] for one in batches]), rows.inputs[found])
        np.testing.assert_array_equal(torch.cat([one[1] for one in batches]), rows.targets[found])
    assert found == sorted(found)  # validation keeps its order


def test_rows_on_disk_give_the_same_batches_as_rows_in_memory(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    np.save(tmp_path / "inputs.npy", values)
    mapped, targets = np.load(tmp_path / "inputs.npy", mmap_mode="r"), np.arange(50)
    on_disk, in_memory = (RowsInBatches(mapped, targets, share) for share in (0.0, 1.0))
    assert (on_disk.on_disk, in_memory.on_disk) == (True, False)
    assert isinstance(on_disk.inputs, np.memmap)
    assert not isinstance(in_memory.inputs, np.memmap)
    for rows in ([3, 1, 2], [49], list(range(50))):
        for first, second in zip(on_disk[rows], in_memory[rows], strict=True):
            assert torch.equal(first, second)
        np.testing.assert_array_equal(on_disk[rows][0], values[rows])


def test_what_takes_more_than_its_share_of_the_memory_stays_on_disk() -> None:
    inputs, memory = np.zeros((64, 1024), np.float32), psutil.virtual_memory().total
    share = inputs.nbytes / memory
    assert not RowsInBatches(inputs, np.zeros(64), share * 1.01).on_disk
    assert RowsInBatches(inputs, np.zeros(64), share * 0.99).on_disk


def test_only_rows_on_disk_are_read_in_blocks_of_some_megabytes() -> None:
    inputs = np.zeros((64, 1024), np.float32)
    assert RowsInBatches(inputs, np.zeros(64), 1.0).rows_of_block is None
    assert RowsInBatches(inputs, np.zeros(64), 0.0).rows_of_block == data_of.BLOCK_BYTES // 4096
    wide = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (4, 1 << 23), (0, 0))
    assert RowsInBatches(wide, np.zeros(4), 0.0).rows_of_block == 1


def test_blocks_reach_the_order_of_training_and_not_that_of_validation(
    prepared: Path, default_config: Config
) -> None:
    data = prepared_data(prepared, default_config, memory_share=0.0)
    assert cast(Batches, data.train_dataloader().sampler).block == data.train.rows_of_block
    assert cast(Batches, data.val_dataloader().sampler).block is None
