"""What tests of tracking share: settings, a look into MLflow, and a real server."""

import contextlib
import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow import MlflowClient

from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.tracking.journal import Journal

PATIENCE = 120  # seconds until a server is up, on a busy machine
NOBODY = "http://127.0.0.1:1"  # a server that does not answer
Values = dict[str, list[tuple[int, int, float]]]


def settings(uri: str | None = None, *, enabled: bool = True) -> Tracking:
    return Tracking(enabled=enabled, uri=uri, experiment="default", timeout=2.0)


def client(project: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{(project / 'mlflow.db').as_posix()}")


def runs(found: MlflowClient, name: str) -> list[Any]:
    experiments = [one.experiment_id for one in found.search_experiments()]
    return [run for run in found.search_runs(experiments) if run.info.run_name == name]


def history(found: MlflowClient, run: Any) -> Values:
    """Every value of every metric: step, time, value."""
    names = found.get_run(run.info.run_id).data.metrics
    entries = {name: found.get_metric_history(run.info.run_id, name) for name in names}
    return {
        name: sorted((one.step, one.timestamp, _finite(one.value)) for one in values)
        for name, values in entries.items()
    }


def journalled(journal: Journal) -> Values:
    """Every value that a journal holds, in the form of ``history``."""
    found: Values = {}
    for _, event in journal.events():
        if event["kind"] == "metrics":
            for name, value in event["values"].items():
                found.setdefault(name, []).append((event["step"], event["at"], _finite(value)))
    return {name: sorted(values) for name, values in found.items()}


def _finite(value: float) -> float:
    # What MLflow makes of infinity; NaN would not be equal to itself.
    return -1.0 if math.isnan(value) else max(-sys.float_info.max, min(sys.float_info.max, value))


class Server:
    """A server of MLflow's own in a folder; it may be killed and started again.

    Args:
        folder: of its files.
        words: further ones of its command; the last of a kind counts.
        environment: further variables.
    """

    def __init__(
        self, folder: Path, words: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self.folder, self.words, self.environment = folder, words, dict(environment or {})
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        database = f"sqlite:///{(self.folder / 'server.db').as_posix()}"
        command = [sys.executable, "-m", "mlflow", "server", "--port", str(self.port)]
        command += ["--workers", "1", "--backend-store-uri", database]
        command += ["--artifacts-destination", str(self.folder / "kept"), *self.words]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert self._answers(), (self.folder / "log").read_text("utf-8")

    def kill(self) -> None:
        """End it at once, and its workers."""
        if self.process is None:
            return
        if sys.platform == "win32":
            self.process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):  # it has not started
                os.killpg(self.process.pid, 9)
        self.process.wait(PATIENCE)
        self.process = None

    def _answers(self) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=2):
                    return True
            except OSError:
                time.sleep(0.5)
        return False


def recorded(project: Path, run: Any, name: str) -> Any:
    """What a file of the folder code/ of a run holds."""
    file = client(project).download_artifacts(run.info.run_id, f"code/{name}")
    return json.loads(Path(file).read_text("utf-8"))
