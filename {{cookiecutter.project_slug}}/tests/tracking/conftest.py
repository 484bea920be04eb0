import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from {{ cookiecutter.package_name }}.runtime.files import (
    TRACKING,
    Workspace,
    run_workspace,
)
from {{ cookiecutter.package_name }}.tracking import shipper
from {{ cookiecutter.package_name }}.tracking.journal import Journal, Writer
from {{ cookiecutter.package_name }}.tracking.shipment import Shipment


@pytest.fixture(autouse=True)
def _close_journals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what a test leaves open: Python warns of such files."""
    opened: list[Writer] = []
    build = Writer.__init__

    def note(self: Writer, folder: Path, lock: FileLock) -> None:
        build(self, folder, lock)
        opened.append(self)

    monkeypatch.setattr(Writer, "__init__", note)
    yield
    for writer in opened:
        writer.close()


@pytest.fixture
def workspace(project: Path, empty_database: Path) -> Workspace:
    """A run by hand in a project whose database needs no migration."""
    shutil.copy(empty_database, project / "mlflow.db")
    run = run_workspace(project, "mine")
    run.output.mkdir(parents=True)
    run.config_file.write_text(
        yaml.safe_dump({"seed": 3, "a": {"b": "x" * 600}, "none": None}), "utf-8"
    )
    return run


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send in this process, at the end: MLflow takes seconds to start in another."""

    def start(journal: Journal) -> Journal:
        return journal

    def finish(journal: Journal, _patience: float) -> bool:
        ended = threading.Event()
        ended.set()
        return shipper.Shipper(journal).ship(ended)

    monkeypatch.setattr(shipper, "start", start)
    monkeypatch.setattr(shipper, "finish", finish)


@pytest.fixture
def begin(workspace: Workspace) -> Callable[..., Writer]:
    """Begin the journal of a training, without a tracker: ``begin(key="one", joins=None)``."""

    def open_journal(key: str = "one", **facts: object) -> Writer:
        writer = Writer.open(workspace.project / TRACKING / key)
        assert writer is not None
        run: dict[str, object] = {
            "name": "mine",
            "verb": "train",
            "experiment": "default",
            "timeout": 2.0,
        }
        run |= {"joins": None, "held_by": "runs/mine/scratch/tracked.json", "tags": {}, "place": ""}
        writer.append("run", **{**run, **facts})
        return writer

    return open_journal


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def ship(workspace: Workspace, said: list[str]) -> Callable[[Writer], Shipment]:
    """Send a journal to the project's database."""

    def send(journal: Writer, name: str = "mlflow.db") -> Shipment:
        uri = f"sqlite:///{(workspace.project / name).as_posix()}"
        shipment = Shipment(journal, uri, said.append)
        shipment.send()
        return shipment

    return send
