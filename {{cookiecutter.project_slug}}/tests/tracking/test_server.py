"""A real server on this machine that is down, dies or comes back: nothing is lost or doubled."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke
from mlflow import MlflowClient
from tracked import (
    NOBODY,
    PATIENCE,
    Server,
    Values,
    client,
    history,
    journalled,
    runs,
    settings,
)

from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.shipping.sync import main
from {{ cookiecutter.package_name }}.tracking import tracker as tracker_module
from {{ cookiecutter.package_name }}.tracking.journal import journals
from {{ cookiecutter.package_name }}.tracking.shipment import ARRIVED
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
EPOCHS = 40
LOGS_FOREVER = """
import os, sys, time
from pathlib import Path
from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.runtime.files import run_workspace
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker
settings = Tracking(enabled=True, uri=sys.argv[1] or None, experiment="default", timeout=2.0)
with Tracker(settings, run_workspace(Path.cwd(), "mine"), "train") as tracker:
    for step in range(10**9):
        tracker.log({"val/loss": 1 / (step + 1), "train/loss": 0.5}, step)
        os.write(1, str(step).encode() + os.linesep.encode())  # whole lines
        time.sleep(0.01)
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that is not up yet, with an empty database."""
    monkeypatch.setattr(tracker_module, "PATIENCE", float(PATIENCE))  # a busy machine
    folder = tmp_path / "server"
    folder.mkdir()
    server = Server(folder)
    yield server
    server.kill()


def at(server: Server) -> tuple[str, str, Values]:
    """The run at the server: its id, status and every value."""
    found = MlflowClient(server.address)
    (run,) = runs(found, "mine")
    return run.info.run_id, run.info.status, history(found, run)


def expected(epochs: int) -> dict[str, list[tuple[int, float]]]:
    return {"val/loss": [(epoch, 1 / (epoch + 1)) for epoch in range(epochs)]}


def values(found: Values) -> dict[str, list[tuple[int, float]]]:
    return {name: [(step, value) for step, _, value in entries] for name, entries in found.items()}


def train(workspace: Workspace, uri: str | None, events: dict[int, Callable[[], None]]) -> None:
    """Log as a training does; before some epochs something happens."""
    with Tracker(settings(uri), workspace, "train") as tracker:
        for epoch in range(EPOCHS):
            events.get(epoch, lambda: None)()
            tracker.log({"val/loss": 1 / (epoch + 1)}, epoch)


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.full
def test_a_server_that_is_down_costs_nothing_and_gets_the_run_by_sync_later(
    workspace: Workspace,
    server: Server,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.address)
    (workspace.project / "mlflow.db").unlink()
    train(workspace, None, {})
    said = capfd.readouterr().out
    assert said.count("\n") == 1
    assert f"{server.address} does not answer (" in said
    assert "`uv run sync` brings it there" in said
    (journal,) = journals(workspace.project)
    kept = journalled(journal)
    assert values(kept) == expected(EPOCHS)
    server.start()
    invoke(main)
    arrived = at(server)
    assert arrived[1:] == ("FINISHED", kept)
    files = {entry.path for entry in MlflowClient(server.address).list_artifacts(arrived[0])}
    assert files == {"code", "config.yaml"}
    invoke(main)
    assert at(server) == arrived
    assert journals(workspace.project) == []
    assert not (workspace.project / "mlflow.db").exists()


@pytest.mark.full
def test_a_server_that_is_killed_in_the_middle_and_comes_back_has_everything_once(
    workspace: Workspace, server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    server.start()
    kept: list[Values] = []

    def die() -> None:
        wait_until(lambda: list(workspace.project.rglob(ARRIVED)))  # something is there already
        server.kill()

    def notice() -> None:
        wait_until(lambda: "uv run sync" in capfd.readouterr().out)

    def keep() -> None:
        kept.append(journalled(journals(workspace.project)[0]))

    train(workspace, server.address, {10: die, 20: notice, 30: server.start, EPOCHS - 1: keep})
    _, status, found = at(server)
    assert (status, values(found)) == ("FINISHED", expected(EPOCHS))
    assert {name: entries[:-1] for name, entries in found.items()} == kept[0]
    assert "works again, and has the whole run" in capfd.readouterr().out
    assert journals(workspace.project) == []


@pytest.mark.full
def test_a_server_that_dies_for_good_leaves_the_rest_to_sync(
    workspace: Workspace, server: Server, invoke: Invoke
) -> None:
    server.start()

    def die() -> None:
        wait_until(lambda: list(workspace.project.rglob(ARRIVED)))
        server.kill()

    train(workspace, server.address, {EPOCHS // 2: die})
    (journal,) = journals(workspace.project)
    (journal.folder / ARRIVED).unlink()  # as if killed before it was noted
    kept = journalled(journal)
    assert values(kept) == expected(EPOCHS)
    server.start()
    invoke(main)
    assert at(server)[1:] == ("FINISHED", kept)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("there", [True, False])
def test_every_value_of_a_killed_training_arrives(
    workspace: Workspace, invoke: Invoke, there: bool
) -> None:
    command = [sys.executable, "-c", LOGS_FOREVER, "" if there else NOBODY]
    training: Any = subprocess.Popen(command, cwd=workspace.project, stdout=subprocess.PIPE)
    steps = (int(line) for line in training.stdout if not line.startswith(b"tracking:"))
    for last in steps:
        if last > 200 and (not there or list(workspace.project.rglob(ARRIVED))):
            break
    training.send_signal(signal.SIGKILL)
    last = max([last, *steps])
    training.wait(PATIENCE)
    training.stdout.close()
    if there:  # what sends it outlives the training
        wait_until(lambda: runs(client(workspace.project), "mine")[0].info.status == "KILLED")
    else:
        invoke(main, f"sqlite:///{(workspace.project / 'mlflow.db').as_posix()}")
    assert [journal.status for journal in journals(workspace.project)] == ["KILLED"]  # to resume
    (run,) = runs(client(workspace.project), "mine")
    assert run.info.status == "KILLED"
    for entries in history(client(workspace.project), run).values():
        # One more may have been written, and not said.
        assert [step for step, *_ in entries] in (list(range(last + 1)), list(range(last + 2)))
