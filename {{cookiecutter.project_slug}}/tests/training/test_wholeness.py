"""Whatever has happened to a checkpoint is seen before it is gone on with."""

from pathlib import Path
from random import Random
from traceback import StackSummary
from typing import Any

import pytest
import torch
from torch.distributed.checkpoint.api import CheckpointException

from {{ cookiecutter.package_name }}.training.wholeness import (
    CHECKSUMS,
    is_whole,
    reason_of_the_system,
    rename,
    seal,
)

STATE = {"weights": torch.arange(500.0), "epoch": 3, "name": "network"}
FLIPS = 150


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    file = tmp_path / "last-00000007.ckpt"
    torch.save(STATE, file)
    return file


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """A checkpoint of several processes: a folder."""
    folder = tmp_path / "last-00000008.ckpt"
    (folder / "below").mkdir(parents=True)
    for name in (".metadata", "__0_0.distcp", "below/meta.pt"):
        (folder / name).write_bytes(name.encode() * 100)
    seal(folder)
    return folder


def is_same(state: dict[str, Any]) -> bool:
    others = (state["epoch"], state["name"]) == (STATE["epoch"], STATE["name"])
    return others and torch.equal(state["weights"], torch.arange(500.0))


def test_what_was_written_is_whole(checkpoint: Path, shards: Path) -> None:
    seal(checkpoint)
    assert is_whole(checkpoint)
    assert is_whole(shards)


def test_what_the_system_said_is_found_behind_what_was_raised() -> None:
    full = OSError(28, "No space left on device")
    assert reason_of_the_system(full) == "[Errno 28] No space left on device"
    assert reason_of_the_system(RuntimeError("out of memory")) is None
    several = CheckpointException("save", {1: (full, StackSummary())})
    assert reason_of_the_system(several) == "[Errno 28] No space left on device"


@pytest.mark.parametrize("left", [0, 1, 100, -100, -1])
def test_a_file_that_ends_early_is_not_whole(checkpoint: Path, left: int) -> None:
    checkpoint.write_bytes(checkpoint.read_bytes()[:left])
    assert not is_whole(checkpoint)


def test_what_is_no_checkpoint_is_not_whole(checkpoint: Path, tmp_path: Path) -> None:
    checkpoint.write_bytes(Random(0).randbytes(5000))
    assert not is_whole(checkpoint)
    assert not is_whole(tmp_path / "gone.ckpt")


def test_one_wrong_bit_is_seen_or_changes_nothing(checkpoint: Path) -> None:
    random, right, seen = Random(0), checkpoint.read_bytes(), 0
    for _ in range(FLIPS):
        wrong = bytearray(right)
        place = random.randrange(len(right))
        wrong[place] ^= 1 << random.randrange(8)
        checkpoint.write_bytes(wrong)
        if is_whole(checkpoint):  # it was in a date, or between two parts
            assert is_same(torch.load(checkpoint, weights_only=True)), place
        else:
            seen += 1
    assert seen > FLIPS / 2


@pytest.mark.parametrize("name", [".metadata", "__0_0.distcp", "below/meta.pt", CHECKSUMS])
def test_a_folder_without_one_of_its_files_is_not_whole(shards: Path, name: str) -> None:
    (shards / name).unlink()
    assert not is_whole(shards)


@pytest.mark.parametrize("name", [".metadata", "below/meta.pt", CHECKSUMS])
def test_a_folder_with_one_wrong_bit_is_not_whole(shards: Path, name: str) -> None:
    content = bytearray((shards / name).read_bytes())
    content[len(content) // 2] ^= 1
    (shards / name).write_bytes(content)
    assert not is_whole(shards)


def test_a_folder_with_a_file_too_many_is_not_whole(shards: Path) -> None:
    (shards / "__1_0.distcp").touch()
    assert not is_whole(shards)


def test_an_empty_folder_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / CHECKSUMS).write_text("{}", "utf-8")
    assert not is_whole(tmp_path)


def test_a_name_is_given_to_the_new_one_in_place_of_the_old_one(checkpoint: Path) -> None:
    partial = checkpoint.with_suffix(".partial")
    torch.save({"epoch": 4}, partial)
    rename(partial, checkpoint)
    assert torch.load(checkpoint, weights_only=True) == {"epoch": 4}
    assert not partial.exists()
