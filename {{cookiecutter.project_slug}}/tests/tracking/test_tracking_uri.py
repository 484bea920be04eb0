"""Which store gets the runs."""

import socket
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.tracking.tracker import tracking_uri


def settings(uri: str | None = None) -> Tracking:
    return Tracking(enabled=True, uri=uri, experiment="default", timeout=0.5)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_dead_server_is_replaced_by_the_local_file_and_that_is_said(
    uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracking_uri(settings(uri), tmp_path).startswith("sqlite:///")
    assert f"{uri} does not answer" in capsys.readouterr().out


def test_a_server_that_does_not_answer_is_waited_for_as_long_as_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []

    def never(
        *arguments: object,
    ) -> None:  # whether a real address is silent depends on the network
        calls.append(arguments)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", never)
    assert tracking_uri(settings("https://silent.invalid"), tmp_path).startswith("sqlite:///")
    assert calls == [(("silent.invalid", 443), 0.5)]


def test_the_configured_server_goes_before_the_environments_and_that_before_the_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracking_uri(settings(), tmp_path) == f"sqlite:///{tmp_path.as_posix()}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "databricks")
    assert tracking_uri(settings(), tmp_path) == "databricks"
    assert tracking_uri(settings("sqlite:///other.db"), tmp_path) == "sqlite:///other.db"
