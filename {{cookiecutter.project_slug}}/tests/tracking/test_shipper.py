"""The process that brings a journal to MLflow beside a training."""

import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kills import needs_sigkill, wait_until
from tracked import client, runs, settings

from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.runtime.garbage import USUAL
from {{ cookiecutter.package_name }}.runtime.processes import SIGNALS
from {{ cookiecutter.package_name }}.tracking.journal import Writer
from {{ cookiecutter.package_name }}.tracking.shipper import KEPT, Shipper, finish, say
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker
from {{ cookiecutter.package_name }}.tracking.uploads import TIMEOUT, patient

SAYS_HOW_OFTEN = """
import gc
from {{ cookiecutter.package_name }}.tracking import shipper
class Shipper:
    def __init__(self, journal): pass
    def ship(self, ending):
        ending.wait()  # as always: else the thread that reads is in the way of Python's end
        print(gc.get_threshold()[0])
shipper.Shipper = Shipper
shipper.main()
"""


def test_it_searches_for_garbage_seldom(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SAYS_HOW_OFTEN, str(tmp_path)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=-1, check=False)
    assert ended.returncode == KEPT
    assert int(ended.stdout) > 10 * USUAL[0]


@pytest.mark.parametrize(("before", "meanwhile"), [(None, "300"), ("10", "300"), ("900", "900")])
def test_files_have_more_time_than_numbers_and_only_they(
    before: str | None, meanwhile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TIMEOUT, raising=False)
    if before is not None:
        monkeypatch.setenv(TIMEOUT, before)
    with patient():
        assert os.environ[TIMEOUT] == meanwhile
    assert os.environ.get(TIMEOUT) == before


@pytest.mark.parametrize("watched", [True, False])
def test_what_it_says_takes_the_line_of_the_progress_bar(
    watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: watched)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    terminal.write("epoch 3 of 8 and all the rest of the bar")
    say("the server is down")
    *before, line = terminal.getvalue().removesuffix("\n").split("\r")
    assert (line == "tracking: the server is down") is watched
    assert before[1:] == [" " * 39] * watched


@pytest.mark.slow
def test_a_killed_training_that_lets_its_journal_go_a_little_late_is_noted(
    workspace: Workspace, begin: Callable[..., Writer]
) -> None:
    journal, ending = begin(), threading.Event()
    ending.set()
    sending = threading.Thread(target=Shipper(journal).ship, args=[ending])
    sending.start()
    time.sleep(0.5)
    journal.close()
    sending.join()
    (run,) = runs(client(workspace.project), "mine")
    assert run.info.status == "KILLED"


@pytest.mark.slow
@needs_sigkill
def test_a_signal_that_warns_all_processes_does_not_keep_the_rest_from_mlflow(
    workspace: Workspace,
) -> None:
    with Tracker(settings(), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
        wait_until(lambda: any(workspace.project.glob("runs/tracking/*/arrived.json")))
        assert tracker._shipper is not None
        for name in SIGNALS:
            tracker._shipper.send_signal(getattr(signal, name))
        tracker.log({"val/loss": 0.4}, 1)
    (run,) = runs(client(workspace.project), "mine")
    assert (run.info.status, run.data.metrics) == ("FINISHED", {"val/loss": 0.4})


@pytest.mark.slow
def test_one_that_is_not_waited_for_goes_on_without_a_warning() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    kept_open, process.stdin = process.stdin, None
    assert kept_open is not None
    assert not finish(process, 0.01)
    del process
    gc.collect()  # a ResourceWarning would be an error here
    kept_open.close()
