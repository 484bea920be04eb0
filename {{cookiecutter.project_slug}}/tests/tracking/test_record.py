import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.runtime.command import command
from {{ cookiecutter.package_name }}.runtime.files import (
    Workspace,
    run_workspace,
    stage_workspace,
)
from {{ cookiecutter.package_name }}.tracking.record import Record, record_of


def run_of(record: Record) -> Any:
    return json.loads(record.files["run.json"])


def made(workspace: Workspace, *names: str) -> None:
    for name in names:
        (workspace.output / name).mkdir(parents=True)


def test_the_pipeline_records_its_own_files_as_they_are(project: Path) -> None:
    (project / "dvc.lock").write_bytes(b"schema: '2.0'\r\n")
    (project / "params.yaml").write_text("seed: 0\n", "utf-8")
    made(stage_workspace(project, "train"), "data/raw", "models/network", "predictions/network")
    record = record_of(stage_workspace(project, "train"), "train")
    assert set(record.files) == {"run.json", "dvc.lock", "params.yaml"}
    assert record.files["dvc.lock"] == b"schema: '2.0'\r\n"
    assert run_of(record) == {"name": None, "verbs": ["train"], "overrides": []}


@pytest.mark.parametrize(
    ("last", "verbs"),
    [
        ("train", ["prepare", "train"]),
        ("evaluate", ["prepare", "train", "score", "evaluate"]),
        ("tune", ["tune"]),  # a verb beside the pipeline
    ],
)
def test_a_run_by_hand_records_what_it_made_itself_up_to_its_verb(
    project: Path, last: str, verbs: list[str]
) -> None:
    run = run_workspace(project, "mine")
    made(stage_workspace(project, "prepare"), "data/raw", "data/prepared")
    made(run, "data/prepared", "models/network", "predictions/network")
    assert run_of(record_of(run, last))["verbs"] == verbs


def test_the_overrides_are_those_of_the_running_command(project: Path, invoke: Invoke) -> None:
    recorded: list[Any] = []

    @command
    def main(_config: object, workspace: Workspace) -> None:
        recorded.append(run_of(record_of(workspace, "train")))

    for seed in (1, 2):  # while the second runs, overrides.yaml still says 1
        invoke(main, "run=mine", f"seed={seed}", "model.dropout=0.3")
    (project / "runs" / "mine" / "overrides.yaml").unlink()
    first, second = (set(run["overrides"]) for run in recorded)
    assert first == {"run=mine", "seed=1", "model.dropout=0.3"}
    assert second == {"run=mine", "seed=2", "model.dropout=0.3"}


def test_new_files_that_are_no_source_are_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(project.parent / "none"))
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / "größe.csv").touch()
    (project / "new.py").write_bytes(b"A = 1\n")
    record = record_of(stage_workspace(project, "train"), "train")
    assert record.files["left_out.txt"].decode() == "größe.csv"
    assert record.files["new/new.py"] == b"A = 1\n"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every file can be read")
def test_a_source_that_cannot_be_read_is_named(project: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / "secret.py").touch(mode=0)
    record = record_of(stage_workspace(project, "train"), "train")
    assert "secret.py" in record.files["left_out.txt"].decode()


def test_records_of_two_runs_or_two_codes_have_other_digests(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(project.parent / "none"))
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    workspaces = [stage_workspace(project, "train"), run_workspace(project, "mine")]
    digests = [record_of(workspace, "train").digest for workspace in workspaces]
    assert record_of(workspaces[0], "evaluate").digest == digests[0]
    (project / "new.py").touch()
    digests.append(record_of(workspaces[0], "train").digest)
    assert len(set(digests)) == 3
