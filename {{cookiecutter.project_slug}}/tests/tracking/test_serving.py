"""What MLflow makes of the logged model where nothing of this project is installed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export_cases import as_request, bad_requests
from kit_facts import raw_examples
from mlflow import MlflowClient

PACKAGE = "{{ cookiecutter.package_name }}"
PATIENCE = 120  # seconds until a server is up, on a busy machine
# Python runs this before anything else: the project is as good as not installed.
WITHOUT_PROJECT = f"""
import pathlib, sys
sys.path[:] = [one for one in sys.path if not pathlib.Path(one, {PACKAGE!r}).exists()]
"""
LOAD = f"""
import importlib.util, json, pathlib, pickle, sys
import numpy as np, pandas as pd
assert importlib.util.find_spec({PACKAGE!r}) is None
import mlflow.pyfunc
from mlflow.pyfunc.scoring_server import infer_and_parse_data
model = mlflow.pyfunc.load_model(sys.argv[1])
origin = importlib.util.find_spec({PACKAGE!r}).origin
assert pathlib.Path(sys.argv[1]) in pathlib.Path(origin).parents, origin
given = infer_and_parse_data(json.load(sys.stdin), model.metadata.get_input_schema())
print(json.dumps(np.asarray(model.predict(given)).tolist()))
"""


@pytest.fixture(scope="module")
def logged(pipeline: Path) -> Path:
    """The model that the pipeline's training logged."""
    client = MlflowClient(f"sqlite:///{(pipeline / 'mlflow.db').as_posix()}")
    experiments = [one.experiment_id for one in client.search_experiments()]
    (model,) = client.search_logged_models(experiments)
    return Path(urllib.request.url2pathname(model.artifact_location.removeprefix("file:")))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which only the libraries are installed, and nothing is unpickled."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sitecustomize.py").write_text(WITHOUT_PROJECT, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    scripts = str(Path(sys.executable).parent)
    settings = {
        "PYTHONPATH": str(folder),
        "PATH": os.pathsep.join([scripts, kept.get("PATH", "")]),
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "MLFLOW_TRACKING_URI": f"sqlite:///{(folder / 'mlflow.db').as_posix()}",
    }
    return kept | settings


@pytest.fixture(scope="module")
def address(
    logged: Path, elsewhere: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address at which `mlflow models serve` answers; ended with all that it started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    folder = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(logged)]
    command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=elsewhere, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/ping", server, folder / "log")
        yield f"http://127.0.0.1:{port}/invocations"
    finally:
        end(server)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text("utf-8"))


def end(server: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/f", "/t", "/pid", str(server.pid)], check=False)
    else:
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)


def asked(address: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    content, header = json.dumps(body).encode(), {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(address, content, header)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@pytest.mark.slow
def test_the_logged_model_carries_its_code_and_needs_no_pickle(
    pipeline: Path, logged: Path, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    given, expected = raw_examples(pipeline)
    command = [sys.executable, "-W", "ignore", "-c", LOAD, str(logged)]
    request = json.dumps(as_request(given))
    printed = subprocess.run(
        command, cwd=tmp_path, env=elsewhere, input=request, stdout=-1, encoding="utf-8", check=True
    )
    np.testing.assert_allclose(json.loads(printed.stdout), expected, atol=1e-6)


@pytest.mark.slow
def test_mlflow_serves_what_the_predictor_says(pipeline: Path, address: str) -> None:
    given, expected = raw_examples(pipeline)
    status, answer = asked(address, as_request(given))
    assert status == 200, answer
    np.testing.assert_allclose(answer["predictions"], expected, atol=1e-6)


@pytest.mark.slow
def test_a_request_that_the_model_cannot_take_is_refused_with_a_message(
    pipeline: Path, address: str
) -> None:
    given, _ = raw_examples(pipeline)
    for body, message in bad_requests(given):
        status, answer = asked(address, body)
        assert 400 <= status < 500, answer
        assert message in answer["message"]
