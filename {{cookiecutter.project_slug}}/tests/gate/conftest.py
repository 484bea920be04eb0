"""A project with a released model, as a repository, and a registry of its own."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }} import evaluate, score, train
from {{ cookiecutter.package_name }}.config import Tracking, typed
from {{ cookiecutter.package_name }}.gate import procedure
from {{ cookiecutter.package_name }}.gate.judging import Judgement, judge
from {{ cookiecutter.package_name }}.gate.registry import Registry
from {{ cookiecutter.package_name }}.gate.verdict import Verdict
from {{ cookiecutter.package_name }}.runtime.files import Workspace, stage_workspace
from {{ cookiecutter.package_name }}.training import export

Gate = Callable[..., bool]  # gate(verdict=Verdict.PROMOTE, reason=None): whether it takes over
SEEDS = iter(range(1, 1000))


@pytest.fixture
def repository(pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of ``pipeline`` with one commit, for one test to change."""
    project = shutil.copytree(pipeline, tmp_path / "project")
    (project / ".gitignore").write_text(
        "/runs/\n/mlflow.db*\n/mlartifacts/\n/models\n/data\n", "utf-8"
    )
    commit(project)
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def registry(repository: Path) -> Registry:
    return Registry(Tracking(True, None, "default", 2.0), repository, "models")


@pytest.fixture
def workspace(repository: Path) -> Workspace:
    return stage_workspace(repository, "gate")


@pytest.fixture
def retrain(
    repository: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Train the network anew with another seed, and evaluate it: the next challenger."""

    def run() -> None:
        monkeypatch.setattr(export, "save_onnx", _nothing)  # nobody here reads it
        params: Any = OmegaConf.load(repository / "params.yaml")
        params.seed, params.trainer.max_epochs = next(SEEDS), 1
        OmegaConf.save(params, repository / "params.yaml")
        for verb in (train, score, evaluate):
            invoke(verb.main, "--stage")

    return run


@pytest.fixture
def gate(registry: Registry, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Judge the model that is there; with a ``verdict``, as if the numbers had said so."""
    monkeypatch.setattr(procedure, "require_committed", _nothing)
    config = typed(OmegaConf.load(workspace.config_file))
    limits = replace(config.gate, latency_ratio=None)

    def call(verdict: Verdict | None = None, reason: str | None = None) -> bool:
        def decided(*arguments: Any) -> Judgement:
            found = judge(*arguments)
            return found if verdict is None else replace(found, verdict=verdict)

        monkeypatch.setattr(procedure, "judge", decided)
        settings = config.evaluation, limits
        return procedure.judge_pipeline(registry, workspace, settings, reason)

    return call


def _nothing(*_: object) -> None:
    """In place of what takes long, or needs DVC."""


def commit(project: Path) -> None:
    """Commit everything that git may see."""
    who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "--all"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)
