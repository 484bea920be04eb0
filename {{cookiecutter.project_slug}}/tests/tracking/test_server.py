"""A tracking server that is there gets the runs."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.runtime.files import run_workspace
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

PATIENCE = 90  # seconds until a server is up, on a busy machine


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server of MLflow's own, with an empty database."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    database = f"sqlite:///{(tmp_path / 'server.db').as_posix()}"
    command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", database, "--artifacts-destination", str(tmp_path / "kept")]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        assert answers(address), (tmp_path / "log").read_text()
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(address: str) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return True
        except OSError:
            time.sleep(0.5)
    return False


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_server_of_the_environment_gets_the_run_and_the_project_no_file(
    project: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    run = run_workspace(project, "mine")
    run.output.mkdir(parents=True)
    run.config_file.write_text("seed: 3\n")
    settings = Tracking(enabled=True, uri=None, experiment="on a server", timeout=5.0)
    with Tracker(settings, run, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("on a server")
    assert experiment is not None
    (logged,) = client.search_runs([experiment.experiment_id])
    assert (logged.info.run_name, logged.data.params) == ("mine", {"seed": "3"})
    assert logged.data.metrics == {"val/loss": 0.5}
    kept = {entry.path for entry in client.list_artifacts(logged.info.run_id)}
    assert kept == {"code", "config.yaml"}
    assert not (project / "mlflow.db").exists()
