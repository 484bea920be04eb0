"""Checkpoints that cannot be written, or are bad afterwards: nothing is lost but time."""

import signal
from pathlib import Path

import pytest
from disturbances import Disturbance
from killed_training import Outcome, training, undisturbed
from kills import needs_sigkill

from {{ cookiecutter.package_name }}.training.checkpoints import candidates, newest_whole
from {{ cookiecutter.package_name }}.training.wholeness import is_whole

pytestmark = [pytest.mark.slow, needs_sigkill]
MOMENT = "batch 16"


@pytest.fixture(scope="module")
def expected(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return undisturbed(prepared, tmp_path_factory.mktemp("undisturbed"))


def test_a_full_disk_ends_training_with_one_clear_line_and_loses_nothing(
    prepared: Path, tmp_path: Path, expected: Outcome
) -> None:
    ended = training(prepared, tmp_path, disturbed=Disturbance(MOMENT, "full disk"))
    assert ended.code == 1
    assert "could not be written" in ended.printed, ended.printed
    (line,) = [line for line in ended.printed.splitlines() if "could not be written" in line]
    assert line.startswith("train: ")
    assert "Traceback" not in ended.printed
    left = newest_whole(tmp_path / "checkpoints")
    assert left is not None
    assert left.name in line
    assert undisturbed(prepared, tmp_path) == expected


def test_a_kill_while_a_checkpoint_is_written_leaves_none_under_its_name(
    prepared: Path, tmp_path: Path, expected: Outcome
) -> None:
    ended = training(prepared, tmp_path, disturbed=Disturbance(MOMENT, "killed while writing"))
    assert ended.code == -signal.SIGXFSZ
    folder = tmp_path / "checkpoints"
    assert [file for file in folder.iterdir() if file.name.endswith(".ckpt.partial")]
    assert candidates(folder)
    assert all(is_whole(file) for file in candidates(folder))
    assert undisturbed(prepared, tmp_path) == expected
    assert all(file.suffix == ".ckpt" for file in folder.iterdir())


def test_going_on_from_the_checkpoint_before_a_damaged_one_changes_nothing(
    prepared: Path, tmp_path: Path, expected: Outcome
) -> None:
    assert training(prepared, tmp_path, disturbed=Disturbance("batch 26")).code == -9
    newest = candidates(tmp_path / "checkpoints")[0]
    newest.write_bytes(newest.read_bytes()[:-100])
    ended = training(prepared, tmp_path)
    assert ended.outcome == expected
    assert f"{newest} is damaged; trying the checkpoint before it" in ended.printed
