import subprocess
from pathlib import Path

import pytest
from tracked import client, history, journalled, runs, settings

from {{ cookiecutter.package_name }}.runtime.files import Workspace, run_workspace
from {{ cookiecutter.package_name }}.tracking import shipper
from {{ cookiecutter.package_name }}.tracking.journal import Writer, journals
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

pytestmark = pytest.mark.usefixtures("here")


def test_without_tracking_nothing_is_written(project: Path) -> None:
    with Tracker(settings(enabled=False), run_workspace(project, "mine"), "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
        tracker.join(project)
        tracker.log_model(project, (None, None), {}, ())
    assert [file.name for file in project.iterdir()] == ["dvc.yaml"]


@pytest.mark.slow
def test_what_mlflow_raises_is_said_once_and_everything_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shipper, "SECONDS_TO_DIE", 0.0)  # nobody dies here
    project = workspace.project
    (project / "mlflow.db").write_bytes(b"no database at all, but long enough" * 99)
    with Tracker(settings(), workspace, "train") as tracker:
        for step in range(3):
            tracker.log({"val/loss": 0.5}, step)
        tracker.join(workspace.output)
    said = capsys.readouterr().out
    assert said.count("tracking: mlflow.db failed (") == said.count("uv run sync") == 1
    (journal,) = journals(project)
    assert [step for step, *_ in journalled(journal)["val/loss"]] == [0, 1, 2]


def test_a_project_that_cannot_be_looked_at_is_said_and_the_run_goes_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("embedded null byte")

    monkeypatch.setattr(subprocess, "run", fail)
    with Tracker(settings(), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
    said = "train: tracking failed, going on without it: embedded null byte"
    assert capsys.readouterr().out.count(said) == 1


def test_a_full_disk_is_said_once_and_the_run_goes_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with Tracker(settings(), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
        with monkeypatch.context() as patched:
            patched.setattr(Writer, "append", fail)
            for step in range(1, 4):
                tracker.log({"val/loss": 0.5}, step)
        tracker.log({"val/loss": 0.5}, 4)
    assert capsys.readouterr().out.count("No space left on device") == 1
    (run,) = runs(client(workspace.project), "mine")
    assert [step for step, *_ in history(client(workspace.project), run)["val/loss"]] == [0, 4]
