import base64
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from project_tools import doctor, tracking
from project_tools.check import MISSING, NOTE, OK, Check


class Server(BaseHTTPRequestHandler):
    code = 200
    login: str | None = None  # base64 of who may ask for more than /health

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == f"Basic {self.login}"
        refused = self.login is not None and self.path != "/health" and not known
        self.send_response(401 if refused else self.code)
        self.end_headers()


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def silent_address() -> Iterator[str]:
    """A place that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"


def test_every_finding_that_is_not_ok_is_mended_by_a_command(project: Path) -> None:
    findings = doctor.examine(project)
    assert {finding.status for finding in findings} >= {OK, MISSING}
    assert all(finding.mend for finding in findings if finding.status != OK)


def test_one_unreadable_file_does_not_hide_the_other_findings(project: Path) -> None:
    (project / ".dvc").mkdir()
    (project / ".dvc" / "config").write_text("no section\n", "utf-8")
    (project / "pyproject.toml").unlink()
    findings = doctor.examine(project)
    assert len(findings) == len(doctor.CHECKS)
    broken = [finding.subject for finding in findings if "could not be looked at" in finding.detail]
    assert {"python", "remote"} <= set(broken)


def test_it_runs_as_a_plain_file_with_the_standard_library_alone(project: Path) -> None:
    tools = Path(doctor.__file__).parents[1]
    copied = project / "tools" / "project_tools"
    copied.mkdir(parents=True)
    for source in (tools / "project_tools").glob("*.py"):
        (copied / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(copied / "doctor.py")]
    done = subprocess.run(
        command, cwd=project.parent, capture_output=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "> git init -b main" in done.stdout
    assert "torch, lightning, dvc, mlflow" in done.stdout


def test_only_a_required_thing_makes_it_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["doctor"])
    for status, code in ((OK, 0), (NOTE, 0), (MISSING, 1)):
        findings = [Check(status, "subject", "detail", ("command",))]
        monkeypatch.setattr(doctor, "examine", {doctor.PROJECT: findings}.get)
        assert doctor.main() == code
        assert f"{status:8} subject" in capsys.readouterr().out


def test_without_a_tracking_server_runs_go_to_the_local_file(project: Path) -> None:
    found = tracking.server(project)
    assert (found.status, str(project / "mlflow.db") in found.detail) == (OK, True)


@pytest.mark.parametrize(("code", "status"), [(200, OK), (404, NOTE), (503, NOTE)])
def test_a_tracking_server_is_ok_if_it_answers(
    project: Path, monkeypatch: pytest.MonkeyPatch, address: str, code: int, status: str
) -> None:
    monkeypatch.setattr(Server, "code", code)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address.replace("://", "://ada:secret@"))
    found = tracking.server(project)
    assert found.status == status
    assert "secret" not in found.detail


@pytest.mark.parametrize(
    ("password", "status"), [("a secret", OK), ("another", NOTE), (None, NOTE)]
)
def test_a_tracking_server_that_refuses_who_asks_is_noted(
    password: str | None,
    status: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    monkeypatch.setattr(Server, "login", base64.b64encode(b"ada:a secret").decode())
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    for name, value in ((tracking.NAME, "ada"), (tracking.PASSWORD, password)):
        if password is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, str(value))
    found = tracking.server(project)
    assert found.status == status
    assert ("refuses this name or password (error 401)" in found.detail) is (status == NOTE)
    assert "secret" not in found.detail
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address.replace("://", "://ada:a%20secret@"))
    assert tracking.server(project).status == OK


def test_a_dead_tracking_server_is_noted_with_the_command_that_starts_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{port}")
    found = tracking.server(project)
    assert found.status == NOTE
    assert f"mlflow server --port {port}" in found.mend[0]


def test_the_server_of_the_configuration_goes_before_the_environments(
    project: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://example.invalid")
    params = project / "params.yaml"
    params.write_text(f"tracking:\n  enabled: true\n  uri: {address}\nseed: 0\n", "utf-8")
    assert tracking.server(project) == Check(OK, "tracking", f"{address} answers")
    params.write_text("tracking:\n  uri: null\nother:\n  uri: http://example.invalid\n", "utf-8")
    assert tracking.configured(project) == ""


def test_an_address_that_is_none_is_noted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://example.invalid:port")
    found = tracking.server(project)
    assert (found.status, "'port'" in found.detail) == (NOTE, True)


def test_a_silent_tracking_server_is_given_up_in_time(
    project: Path, monkeypatch: pytest.MonkeyPatch, silent_address: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", silent_address)
    start = time.perf_counter()
    assert "no answer within 0.3 s" in tracking.server(project, patience=0.3).detail
    assert time.perf_counter() - start < 2
