"""The command: what it refuses before it listens, and how it ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from calling import Invoke
from import_graph import PACKAGE
from requested import KIND, request_of, rows_of_training

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.serving import serve

PATIENCE = 60


@pytest.fixture
def ready(pipeline: Path, project: Path) -> Path:
    shutil.copytree(pipeline / "models", project / "models")
    return project


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prt=80"], r"prt: unknown key\. Did you mean 'port'"),
        (["port=70000"], r"port=70000: expected 0 \(any that is free\) to 65535"),
        (["port=http"], "port: Value 'http'"),
        (["rows=0"], "rows=0: expected a whole number above 0"),
        (["refresh=-1"], r"refresh=-1\.0: expected seconds, or 0 for never"),
        (["model=some/where"], "some/where: no such folder"),
        (["model=data"], r"data: no model folder: it has no model\.json"),
        (["+more=1"], r"\+more=1: keys cannot be added"),
        (["model=champion", "tracking.enabled=false"], r"tracking\.enabled=False: expected true"),
    ],
)
def test_mistakes_are_one_line(words: list[str], message: str, ready: Path, invoke: Invoke) -> None:
    (ready / "data").mkdir()
    with pytest.raises(SystemExit, match=message) as caught:
        invoke(serve.main, *words)
    assert "\n" not in str(caught.value.code)


def test_a_model_that_is_not_whole_is_told(ready: Path, invoke: Invoke) -> None:
    (ready / "models/network/program.pt2").write_bytes(b"torn")
    with pytest.raises(SystemExit, match="not a whole model folder"):
        invoke(serve.main, "model=models/network")


@pytest.mark.usefixtures("ready")
def test_a_port_that_is_taken_is_told(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"port={port}: already in use on 127"):
            invoke(serve.main, "model=models/network", f"port={port}")


@pytest.mark.slow
@pytest.mark.usefixtures("ready")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_asked_to_end_it_answers_what_it_has_begun(pipeline: Path) -> None:
    ids = load_split(pipeline / "data/prepared", "test").ids[:3]
    body = request_of(rows_of_training(pipeline, ids))
    settings = {"SERVE_OPTIONS": "port=0 threads=1", "SERVE_API_KEY": "a secret"}
    process = subprocess.Popen(
        [sys.executable, "-m", f"{PACKAGE}.serving.serve", "model=models/network"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | settings,
        text=True,
    )
    assert process.stdout is not None
    found = re.fullmatch(r"serve: http://127\.0\.0\.1:(\d+)\n", process.stdout.readline())
    assert found is not None
    statuses: list[int] = []

    def ask() -> None:
        headers = {"Content-Type": KIND, "X-API-Key": "a secret"}
        url = f"http://127.0.0.1:{found[1]}/predict"
        request = urllib.request.Request(url, body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            statuses.append(answer.status)

    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=PATIENCE) as half:
        head = (
            f"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: {KIND}\r\nX-API-Key: a secret\r\n"
        )
        half.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        process.send_signal(signal.SIGTERM)
        half.sendall(body[10:])
        assert half.recv(65536).startswith(b"HTTP/1.1 200 ")
    said, errors = process.communicate(timeout=PATIENCE)
    assert statuses == [200] * 4
    assert process.returncode == 0, errors
    assert errors == ""
    events = [json.loads(line) for line in said.splitlines()]
    predicted = [event for event in events if event["event"] == "predict"]
    assert [event["status"] for event in predicted] == [200] * 5
    assert "probabilit" not in said
    assert "a secret" not in said


def test_help_names_every_variable(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(serve.main, "--help")
    said = capsys.readouterr().out
    assert "SERVE_OPTIONS" in said
    assert "SERVE_API_KEY" in said
