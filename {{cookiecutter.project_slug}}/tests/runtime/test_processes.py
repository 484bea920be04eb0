"""One run of a stage at a time, and none goes on for a dvc that is gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from kills import needs_sigkill

from {{ cookiecutter.package_name }}.runtime import processes
from {{ cookiecutter.package_name }}.runtime.errors import UserError

HOLD_LOCK = """
import sys, time
from pathlib import Path
from {{ cookiecutter.package_name }}.runtime.processes import only_run_of
with only_run_of("train", Path(sys.argv[1])):
    print("inside", flush=True)
    time.sleep(float(sys.argv[2]))
"""
STAGE = """
import time
from {{ cookiecutter.package_name }}.runtime.processes import is_abandoned
for _ in range(3):
    print(is_abandoned(), flush=True)
    time.sleep(0.1)
while not is_abandoned():
    time.sleep(0.1)
print("abandoned", flush=True)
"""
START = "import subprocess, sys; subprocess.run(sys.argv[1:])"


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout
        yield process, process.stdout


def test_a_second_run_of_a_stage_waits_and_says_so(project: Path) -> None:
    lock = processes.only_run_of("train", project)
    lock.__enter__()
    with running(sys.executable, "-c", HOLD_LOCK, str(project), "0") as (second, says):
        assert "another run of this stage is still at work" in says.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.3)
        lock.__exit__(None, None, None)
        assert says.readline() == "inside\n"
        assert second.wait(10) == 0


def test_a_killed_run_leaves_no_lock(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(sys.executable, "-c", HOLD_LOCK, str(project), "60") as (first, says):
        assert says.readline() == "inside\n"
        first.kill()
    with processes.only_run_of("train", project):
        assert capsys.readouterr().out == ""


def test_a_run_by_hand_has_one_command_at_a_time_and_the_second_is_told(tmp_path: Path) -> None:
    with processes.only_command_in(tmp_path):
        assert processes.is_in_use(tmp_path)
        second = processes.only_command_in(tmp_path)
        with pytest.raises(UserError, match=f"run={tmp_path.name}: another command is at work"):
            second.__enter__()
    assert not processes.is_in_use(tmp_path)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"LOCAL_RANK": "0"}, False),
        ({"LOCAL_RANK": "1"}, True),
        ({"LOCAL_RANK": "1", "TORCHELASTIC_RUN_ID": "1"}, False),
        ({"LOCAL_RANK": "1", "SLURM_NTASKS": "2", "SLURM_STEP_ID": "0"}, False),
    ],
)
def test_only_what_the_first_process_started_is_its_subprocess(
    environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("LOCAL_", "SLURM_"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert processes.is_subprocess() is expected


@pytest.mark.slow
# A shell replaces itself by its last command, or (always the dash of Debian) waits for it.
@needs_sigkill
@pytest.mark.parametrize("shell", [[], ["sh", "-c"], ["bash", "--norc", "-c"]], ids=" ".join)
@pytest.mark.parametrize("after", ["", "; true"])
def test_a_process_notices_that_who_started_it_is_gone(
    tmp_path: Path, shell: list[str], after: str
) -> None:
    script, dvc = tmp_path / "stage.py", tmp_path / "dvc.py"
    script.write_text(STAGE, "utf-8")
    dvc.write_text(START, "utf-8")
    stage = [*shell, f"'{sys.executable}' '{script}'{after}"] if shell else [sys.executable, script]
    with running(sys.executable, str(dvc), *map(str, stage)) as (starter, says):
        assert [says.readline() for _ in range(3)] == ["False\n"] * 3
        starter.kill()
        assert says.readline() == "abandoned\n"


@needs_sigkill
def test_a_process_of_somebody_else_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    def refuse(_: psutil.Process) -> list[str]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "cmdline", refuse)
    starter = processes._starter()
    assert starter is not None
    assert starter.pid == os.getppid()


@dataclass
class Ancestor:
    """As much of a process of psutil as is asked."""

    command: list[str]
    above: "Ancestor | None" = None

    def cmdline(self) -> list[str]:
        return self.command

    def parent(self) -> "Ancestor | None":
        return self.above


@pytest.mark.parametrize("system", ["win32", "linux"])
def test_on_windows_the_launcher_of_an_environment_is_no_starter(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ["-m", "train", "--stage"]
    dvc = Ancestor(["dvc.exe", "repro"])
    shell = Ancestor(["cmd.exe", "/c", "python -m train --stage"], dvc)
    launcher = Ancestor([".venv/Scripts/python.exe", *stage], shell)
    python = Ancestor(["python.exe", *stage], launcher)
    monkeypatch.setattr("psutil.Process", lambda: python)
    monkeypatch.setattr(sys, "platform", system)
    assert processes._starter() is (dvc if system == "win32" else launcher)
