"""Kills at chosen moments: while a stage publishes, and while another one waits for it."""

from pathlib import Path

import pytest
from kills import assert_whole, make_stale, needs_sigkill, order, wait_until
from project_copy import PATIENCE, ProjectCopy

# Some shells replace themselves by the stage, others stay beside it.
SHELLS = [
    pytest.param(shell, marks=marks)
    for shell, marks in (("/bin/sh", ()), ("/bin/bash", pytest.mark.full))
    if Path(shell).exists()
]
pytestmark = [pytest.mark.slow, needs_sigkill]


@pytest.mark.parametrize(
    ("verb", "moment", "whom"),
    [
        pytest.param("prepare", "before 1", "stage", marks=pytest.mark.full),
        # The old output is gone, the new one not there.
        pytest.param("prepare", "before 2", "both", marks=pytest.mark.full),
        pytest.param("prepare", "after 2", "stage", marks=pytest.mark.full),
        ("evaluate", "before 2", "both"),  # the first of its two outputs is there
        pytest.param("compose", "after 1", "stage", marks=pytest.mark.full),
    ],
)
def test_a_kill_while_publishing_leaves_whole_outputs_and_the_next_run_mends_it(
    finished: ProjectCopy, verb: str, moment: str, whom: str
) -> None:
    reference = finished.outputs()
    make_stale(finished, verb)
    killing = order(finished, f"{verb} {moment} kill {whom}")
    status = finished.start("dvc", "repro").wait(PATIENCE)
    assert status == -9 if whom == "both" else status > 0
    assert_whole(finished, reference)
    killing.unlink()
    assert verb in finished.repro()
    assert finished.outputs() == reference
    assert finished.status() == {}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_stage_that_a_killed_dvc_left_is_waited_for_and_publishes_nothing(
    finished: ProjectCopy, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("SHELL", shell)
    reference, folder = finished.outputs(), finished.beside / "INJECTED"
    logs = [finished.beside / f"log {number}" for number in range(3)]

    def said(number: int, text: str) -> bool:
        return text in logs[number].read_text("utf-8")

    make_stale(finished, "prepare")
    pause = order(finished, "prepare at work pause")
    first = finished.start("dvc", "repro", log=logs[0])
    wait_until((folder / "paused").exists)
    assert finished.outputs() == reference  # the old output stays until there is a new one
    first.kill()
    first.wait()
    second = finished.start("dvc", "repro", log=logs[1])
    wait_until(lambda: said(1, "prepare: another run of this stage is still at work; waiting"))
    second.kill()  # its stage goes on waiting
    second.wait()
    third = finished.start("dvc", "repro", log=logs[2])
    wait_until(lambda: said(2, "waiting for it to end"))
    assert len(list(folder.glob("prepare.*"))) == 3
    assert third.poll() is None
    pause.unlink()
    wait_until(lambda: said(0, "data/prepared: not replaced, because dvc was killed"))
    wait_until(lambda: said(1, "dvc was killed while this stage waited"))
    assert third.wait(PATIENCE) == 0
    assert finished.outputs() == reference
    assert finished.status() == {}
