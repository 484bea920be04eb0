import signal
from pathlib import Path

import pytest
import torch
from searches import SHORT

from {{ cookiecutter.package_name }}.config import typed
from {{ cookiecutter.package_name }}.runtime.composition import compose, merge_overrides
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search.process import (
    VISIBLE,
    killed_by,
    last_words,
    slots_for,
)


def gpus_of(workers: int, devices: int, accelerator: str = "gpu") -> list[dict[str, str]]:
    changes = [f"trainer.accelerator={accelerator}", f"trainer.devices={devices}"]
    changes += ["trainer.strategy=ddp"] if devices > 1 else []
    return slots_for(workers, typed(compose(merge_overrides(SHORT, changes))).trainer)


@pytest.fixture
def four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VISIBLE, raising=False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("workers", "devices", "expected"),
    [
        (2, 1, ["0", "1"]),
        (2, 2, ["0,1", "2,3"]),
        (6, 1, ["0", "1", "2", "3", "0", "1"]),  # small networks may share one
    ],
)
def test_trials_share_out_the_gpus(workers: int, devices: int, expected: list[str]) -> None:
    assert [slot[VISIBLE] for slot in gpus_of(workers, devices)] == expected


@pytest.mark.usefixtures("four")
def test_more_trials_of_several_gpus_than_there_are_are_refused() -> None:
    with pytest.raises(UserError, match=r"tune\.workers=3: expected at most 2: 2 of 4 GPUs"):
        gpus_of(3, 2)


def test_those_that_the_caller_may_see_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "3,GPU-abc")
    assert [slot[VISIBLE] for slot in gpus_of(2, 1)] == ["3", "GPU-abc"]


def test_on_a_cpu_and_alone_nothing_is_said_of_gpus() -> None:
    assert gpus_of(2, 1, "cpu") == [{}, {}]
    assert gpus_of(1, 1) == [{}]


def test_why_a_trial_ended_is_its_last_line(tmp_path: Path) -> None:
    log = tmp_path / "trial.log"
    log.write_text("train: epoch 1\ntrial: out of memory\n\n", "utf-8")
    assert last_words(tmp_path, 1) == "out of memory"
    log.write_text("", "utf-8")
    assert last_words(tmp_path, 4) == "exit status 4"
    assert killed_by(-signal.SIGTERM) == "killed by SIGTERM"
    assert killed_by(75) == "interrupted (exit status 75)"
