"""Which run is meant, and why one cannot be restored; no data, no DVC."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from project_tools.restore import command, runs
from project_tools.restore.calling import RestoreError

RUN: dict[str, Any] = {"name": None, "verbs": ["train"], "overrides": []}


def git(project: Path, *words: str) -> str:
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    done = subprocess.run(
        ["git", *settings, *words], cwd=project, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(project: Path) -> Path:
    """A project with one commit."""
    (project / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    (project / ".gitignore").write_text("/ml*\n/runs\n", "utf-8")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "--all")
    git(project, "commit", "-q", "-m", "first")
    return project


@pytest.fixture
def store(repository: Path, empty_database: Path) -> "Store":
    """The project's own file of runs."""
    shutil.copy(empty_database, repository / "mlflow.db")
    return Store(repository)


class Store:
    """Writes runs as training does."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.client = MlflowClient(f"sqlite:///{(project / 'mlflow.db').as_posix()}")
        place = (project / "mlartifacts").as_uri()
        self.experiment = self.client.create_experiment("mine", place)
        self.commit = git(project, "rev-parse", "HEAD")

    def add(self, name: str, tags: dict[str, str] | None = None, status: str = "FINISHED") -> str:
        made = {"git_commit": self.commit, **(tags or {})}
        run = self.client.create_run(self.experiment, tags=made, run_name=name)
        self.client.log_text(run.info.run_id, json.dumps(RUN), "code/run.json")
        self.client.set_terminated(run.info.run_id, status)
        return str(run.info.run_id)


def error(project: Path, wanted: str, folder: Path | None = None) -> str:
    before = sorted(project.parent.iterdir())
    with pytest.raises(RestoreError) as raised:
        command.restore(project, wanted, folder)
    assert sorted(project.parent.iterdir()) == before
    return str(raised.value)


def test_a_run_is_found_by_id_name_and_hash_or_folder_of_its_model(
    store: Store, tmp_path: Path
) -> None:
    model = tmp_path / "network"
    model.mkdir()
    (model / "state.ckpt").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()[:32]
    identity = store.add("it's mine", {"model_hash": digest, "data_hash_train": "1"})
    store.add("other", {"model_hash": "0" * 32})
    for number, wanted in enumerate(
        (identity, identity[:8], "it's mine", digest, digest[:6], str(model))
    ):
        run = runs.find(store.project, wanted, tmp_path)
        assert (run.identity, run.data_hashes) == (identity, {"train": "1"}), number
        shutil.rmtree(run.record)


def test_of_several_runs_of_one_name_the_one_that_ended_well_is_meant(
    store: Store, tmp_path: Path
) -> None:
    store.add("mine", status="FAILED")
    identity = store.add("mine")
    assert runs.find(store.project, "mine", tmp_path).identity == identity


def test_several_runs_that_fit_are_listed(store: Store) -> None:
    identities = [store.add("pipeline") for _ in range(7)]
    said = error(store.project, "pipeline")
    assert "pipeline: 7 runs; give the id of one:" in said
    assert sum(identity in said for identity in identities) == 5
    assert "and 2 older ones" in said


def test_an_unknown_run_is_told_the_nearest_name(store: Store) -> None:
    for name in ("wide", "narrow"):
        store.add(name)
    assert "Did you mean 'wide'? The newest: narrow, wide." in error(store.project, "wid")
    assert "The newest: narrow, wide." in error(store.project, """both ' and " in it""")


def test_without_any_run_that_is_said(store: Store) -> None:
    assert "There is none yet." in error(store.project, "wide")


def test_without_a_store_nothing_is_made(repository: Path) -> None:
    assert "mlflow.db is not there" in error(repository, "wide")
    assert not (repository / "mlflow.db").exists()


def test_a_store_that_is_configured_but_not_there_is_named_and_not_made(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = repository.parent / "other.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{file.as_posix()}")
    assert "other.db: there is no such file" in error(repository, "wide")


def test_with_a_dead_server_the_local_file_is_looked_into(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    identity = store.add("mine")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ada:secret@127.0.0.1:1")
    assert runs.find(store.project, "mine", tmp_path).identity == identity
    said = capsys.readouterr().out
    assert "http://127.0.0.1:1: " in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_named(repository: Path) -> None:
    (repository / "mlflow.db").write_bytes(b"no database at all, but long enough" * 99)
    assert "mlflow.db: " in error(repository, "mine")


def test_a_run_without_commit_is_refused(store: Store) -> None:
    store.add("mine", {"git_commit": "none"})
    assert "has no commit" in error(store.project, "mine")


def test_a_commit_that_is_gone_is_named_with_what_may_bring_it(store: Store) -> None:
    store.add("mine", {"git_commit": "1" * 40})
    said = error(store.project, "mine")
    assert f"commit {'1' * 40} is not in this repository. `git fetch --all`" in said


def test_a_run_whose_files_are_gone_is_refused_with_its_commit(store: Store) -> None:
    store.add("mine")
    shutil.rmtree(store.project / "mlartifacts")
    said = error(store.project, "mine")
    assert "no code/run.json at file://" in said
    assert store.commit in said


def test_a_pipeline_run_without_dvc_lock_is_refused(store: Store) -> None:
    store.add("mine")
    assert "recorded no dvc.lock" in error(store.project, "mine")


def test_a_folder_that_is_there_or_that_git_would_see_is_refused(store: Store) -> None:
    store.add("mine")
    taken = store.project.parent / "taken"
    taken.mkdir()
    assert "nothing is overwritten" in error(store.project, "mine", taken)
    assert "git would see it" in error(store.project, "mine", store.project / "restored")
    ignored = error(store.project, "mine", store.project / "runs" / "restored")
    assert "recorded no dvc.lock" in ignored  # and nothing about the folder


def test_a_mistake_is_one_line_and_a_failure(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(store.project)
    monkeypatch.setattr(sys, "argv", ["restore", "wide"])
    assert command.main() == 1
    assert capsys.readouterr().err.startswith("restore: wide: no such run at sqlite:///")
    monkeypatch.chdir(store.project.parent)
    assert command.main() == 1
    assert "not inside a project" in capsys.readouterr().err
