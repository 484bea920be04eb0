import os
import pickle
import signal
from itertools import chain
from multiprocessing import active_children
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from kills import needs_sigkill

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.data import PreparedData
from {{ cookiecutter.package_name }}.training import batches
from {{ cookiecutter.package_name }}.training.batches import Batches


def prepared_data(
    prepared: Path, config: Config, memory_share: float = 1.0, workers: int = 0
) -> PreparedData:
    """The batches of ``prepared`` as training gets them."""
    reading = Reading(16, memory_share, workers)
    return PreparedData(prepared, reading, config.data.augmentation, fold=None, seed=0)


@pytest.mark.parametrize("memory_share", [0.0, 1.0])
def test_batches_are_rows_of_the_prepared_arrays(
    prepared: Path, memory_share: float, default_config: Config
) -> None:
    data = prepared_data(prepared, default_config, memory_share)
    found: list[int] = []
    for split, loader in (("train", data.train_dataloader()), ("val", data.val_dataloader())):
        rows = load_split(prepared, split)
        shares = list(cast(Batches, loader.sampler))
        found = list(chain.from_iterable(share.rows.tolist() for share in shares))
        read = list(loader)
        np.testing.assert_array_equal(torch.cat([b.inputs for b in read]), rows.inputs[found])
        np.testing.assert_array_equal(torch.cat([b.targets for b in read]), rows.targets[found])
    assert found == sorted(found)  # validation keeps its order


def test_processes_that_read_ahead_change_no_batch(prepared: Path, default_config: Config) -> None:
    def read(workers: int) -> list[tuple[list[int], int]]:
        loader = prepared_data(prepared, default_config, workers=workers).train_dataloader()
        return [(batch.inputs.flatten().tolist(), batch.key) for batch in loader]

    np.testing.assert_equal(read(2), read(0))


@pytest.mark.slow
@pytest.mark.parametrize("memory_share", [0.0, pytest.param(1.0, marks=pytest.mark.full)])
def test_a_process_that_is_started_anew_reads_the_same_batches(
    prepared: Path, memory_share: float, default_config: Config
) -> None:
    here, there = (
        prepared_data(prepared, default_config, memory_share, workers).train_dataloader()
        for workers in (0, 1)
    )
    there.multiprocessing_context = "spawn"  # as on macOS and Windows
    for expected, found in zip(here, there, strict=True):
        np.testing.assert_array_equal(found.inputs, expected.inputs)
        assert found.key == expected.key


def test_rows_on_disk_are_handed_on_as_the_name_of_their_file(
    prepared: Path, default_config: Config
) -> None:
    rows = prepared_data(prepared, default_config, memory_share=0.0).train
    assert np.asarray(rows.inputs).tobytes() not in pickle.dumps(rows)
    again = pickle.loads(pickle.dumps(rows))
    assert isinstance(again.inputs, np.memmap)
    np.testing.assert_array_equal(again.inputs, rows.inputs)
    rows.inputs = rows.inputs[1:]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(rows)).inputs, rows.inputs)


def test_rows_that_were_on_disk_keep_their_order_where_they_fit_into_memory(
    prepared: Path, default_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BLOCK_BYTES", 1000)

    def order(data: PreparedData) -> list[int]:
        shares = cast(Batches, data.train_dataloader().sampler)
        return [row for share in shares for row in share.rows.tolist()]

    before, after = (prepared_data(prepared, default_config, share) for share in (0.0, 1.0))
    assert order(after) != order(before)
    after.load_state_dict(before.state_dict())
    assert order(after) == order(before)


@needs_sigkill
def test_signals_to_all_processes_do_not_end_those_that_read_ahead(
    prepared: Path, default_config: Config
) -> None:
    loader = prepared_data(prepared, default_config, workers=2).train_dataloader()
    found = iter(loader)
    started = [next(found), next(found)]  # one of each reader
    for reader in active_children():
        for name in ("SIGINT", "SIGUSR1"):
            os.kill(cast(int, reader.pid), getattr(signal, name))
    assert len(list(found)) == len(loader) - len(started)
    for reader in active_children():
        reader.terminate()  # as Python does at its end, where it waits for them
        reader.join(30)
        assert reader.exitcode is not None


def test_blocks_reach_the_order_of_training_and_not_that_of_validation(
    prepared: Path, default_config: Config
) -> None:
    data = prepared_data(prepared, default_config, memory_share=0.0)
    assert cast(Batches, data.train_dataloader().sampler).block == data.train.rows_of_block
    assert cast(Batches, data.val_dataloader().sampler).block is None
