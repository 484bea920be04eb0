"""The command: what it refuses before it listens, and how it ends."""

import contextlib
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
        (["model=models/network", "candidate=another/place"], "another/place: no such folder"),
        (["candidate_slower=1"], r"candidate_slower=1\.0: expected above 1"),
        (["candidate_share=0"], r"candidate_share=0\.0: expected a share above 0, at most 1"),
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


@pytest.fixture
def body(pipeline: Path) -> bytes:
    ids = load_split(pipeline / "data/prepared", "test").ids[:3]
    return request_of(rows_of_training(pipeline, ids))


def started(port: str = "0") -> tuple[subprocess.Popen[str], int]:
    """A service in a process of its own, with a key, and its port."""
    settings = {"SERVE_OPTIONS": f"port={port} threads=1", "SERVE_API_KEY": "a secret"}
    process = subprocess.Popen(
        [sys.executable, "-m", f"{PACKAGE}.serving.serve", "model=models/network"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | settings,
        encoding="utf-8",
    )
    assert process.stdout is not None
    found = re.fullmatch(r"serve: http://127\.0\.0\.1:(\d+)\n", process.stdout.readline())
    assert found is not None
    return process, int(found[1])


def status_of(port: int, body: bytes) -> int:
    headers = {"Content-Type": KIND, "X-API-Key": "a secret"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", body, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.status


def half_of_a_request(port: int, body: bytes) -> socket.socket:
    half = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    head = f"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: {KIND}\r\nX-API-Key: a secret\r\n"
    half.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
    return half


@pytest.mark.slow
@pytest.mark.usefixtures("ready")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_asked_to_end_it_answers_what_it_has_begun(body: bytes) -> None:
    process, port = started()
    statuses: list[int] = []
    with half_of_a_request(port, body) as half:
        threads = [
            threading.Thread(target=lambda: statuses.append(status_of(port, body)))
            for _ in range(4)
        ]
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


@pytest.mark.slow
@pytest.mark.usefixtures("ready")
def test_killed_in_the_middle_of_a_request_it_starts_again_at_the_same_place(body: bytes) -> None:
    process, port = started()
    with half_of_a_request(port, body) as half:
        assert status_of(port, body) == 200
        process.kill()
        process.communicate(timeout=PATIENCE)
        with contextlib.suppress(ConnectionError):
            assert half.recv(1) == b""
    again, same = started(str(port))
    try:
        assert same == port
        assert status_of(port, body) == 200
    finally:
        again.kill()
        again.communicate(timeout=PATIENCE)


def test_help_names_every_variable(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(serve.main, "--help")
    said = capsys.readouterr().out
    assert "SERVE_OPTIONS" in said
    assert "SERVE_API_KEY" in said
