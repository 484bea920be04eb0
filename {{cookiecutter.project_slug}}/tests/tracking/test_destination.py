"""Which MLflow gets the runs, and whether it answers."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest.mock import Mock
from urllib.error import URLError

import pytest
from tracked import NOBODY, settings

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.tracking.destination import (
    address_of,
    place_for,
    problem_with,
    shown,
)
from {{ cookiecutter.package_name }}.tracking.shipper import first_line


@contextmanager
def answering(code: int) -> Iterator[str]:
    """The address of a server that answers everything with ``code``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            self.end_headers()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://ada:secret@127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_configured_server_goes_before_the_environments_and_that_before_the_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = f"sqlite:///{tmp_path.as_posix()}/mlflow.db"
    assert address_of(place_for(settings()), tmp_path) == local
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "databricks")
    assert address_of(place_for(settings()), tmp_path) == "databricks"
    other = address_of(place_for(settings("sqlite:///other.db")), tmp_path)
    assert other == f"sqlite:///{tmp_path.as_posix()}/other.db"  # wherever a command starts
    assert address_of(other, tmp_path / "elsewhere") == other


def test_a_password_of_the_environment_is_not_written_down_and_still_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = "https://ada:secret@mlflow.example/path"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    place = place_for(settings())
    assert place == shown(uri) == "https://mlflow.example/path"
    assert address_of(place, tmp_path) == uri
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert address_of(place, tmp_path) == place


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("http://ada:s@cret@host:5000/a@b", "http://host:5000/a@b"),
        ("postgresql://ada:se/cret@db/mlflow", "postgresql://db/mlflow"),
        ("postgresql://db/mlflow?user=ada&password=secret", "postgresql://db/mlflow"),
        ("mssql://?odbc_connect=UID%3Dada%3BPWD%3Dsecret", "mssql://"),
        ("sqlite:///mlflow.db", "sqlite:///mlflow.db"),
        ("databricks", "databricks"),
    ],
)
def test_no_form_of_a_password_is_written_down_or_shown(
    uri: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert place_for(settings()) == place
    error = ConnectionError(f"API request to {uri} failed\nfor some reason")
    assert "ada:s" not in first_line(error)


def test_a_password_in_the_configuration_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError, match=r"tracking\.uri=.*: expected no password") as caught:
        settings("http://ada:secret@host")
    assert "secret" not in str(caught.value)


def test_a_certificate_that_only_mlflow_is_told_to_trust_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = URLError(ssl.SSLCertVerificationError("self-signed certificate"))
    monkeypatch.setattr("urllib.request.urlopen", Mock(side_effect=problem))
    assert problem_with("https://mlflow.example", 5.0) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("code", "answers"), [(200, True), (401, True), (404, True), (502, False)])
def test_who_refuses_is_there_and_a_proxy_without_a_server_is_not(code: int, answers: bool) -> None:
    with answering(code) as uri:
        assert (problem_with(uri, 5.0) == "") == answers


def test_a_dead_server_does_not_answer_and_a_file_needs_not() -> None:
    assert "refused" in problem_with(NOBODY, 5.0)
    assert problem_with("sqlite:///mlflow.db", 5.0) == ""


def test_a_silent_server_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        problem = problem_with(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.3)
    assert ("no answer within 0.3 s" in problem) or ("timed out" in problem)
    assert time.monotonic() - began < 5
