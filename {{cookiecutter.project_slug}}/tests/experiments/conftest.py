import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calling import Invoke
from toy_runs import cell, classifier

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.experiments import compare, procedure, training
from {{ cookiecutter.package_name }}.experiments.training import Training

CHALLENGER = "b=optimizer.lr=0.0001 trainer.max_epochs=2"


@pytest.fixture
def commit() -> Callable[[Path], str]:
    """Commit everything that lies in a folder, and return the commit."""

    def git(folder: Path, *words: str) -> str:
        settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        return subprocess.check_output(
            ["git", *settings, *words], cwd=folder, encoding="utf-8"
        ).strip()

    def call(folder: Path) -> str:
        git(folder, "init", "-q")  # once more changes nothing
        git(folder, "add", "--all")
        git(folder, "commit", "-q", "-m", "so far")
        return git(folder, "rev-parse", "HEAD")

    return call


@pytest.fixture
def projected(folded: Path, tmp_path: Path, current: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in folds, whose comparisons leave models that were never trained."""
    project = shutil.copytree(folded, tmp_path / "compared")
    current.write_text((folded / "current.yaml").read_text("utf-8"), "utf-8")
    (project / ".gitignore").write_text("/runs/\n/data/\n/models/\n", "utf-8")
    monkeypatch.chdir(project)

    def trains(_: Path, one: Training) -> int:
        (project / "runs" / one.run / "models/network").mkdir(parents=True)
        return 0

    monkeypatch.setattr(training, "_train", trains)
    monkeypatch.setattr(procedure, "score_run", scored)
    return project


@pytest.fixture
def slower(projected: Path, invoke: Invoke, commit: Callable[[Path], str]) -> Callable[..., Path]:
    """Plan and commit an experiment of two seeds on the test rows, with changes to its text."""

    def call(**changes: str) -> Path:
        file = projected / "docs/experiments/slower.yaml"
        if not file.exists():
            invoke(compare.main, "--new", "slower", CHALLENGER, "seeds=2", "split=test")
        lines = [line.partition(": ") for line in file.read_text("utf-8").splitlines()]
        given = {"hypothesis": "Slower is worse."} | changes
        text = "".join(f"{k}{sep}{given.get(k, rest)}\n" for k, sep, rest in lines)
        file.write_text(text, "utf-8")
        commit(projected)
        return file

    return call


def scored(project: Path, run: str, split: str) -> list[Cell]:
    """What the network of a run would say: the side b is wrong on more rows."""
    side, seed, fold = run.removeprefix("compare-slower-").split("-")
    rows = load_split(project / "data/prepared", split, int(fold[4:]))
    numbers = np.random.default_rng(int(seed[4:])).random(len(rows.ids))
    table = classifier(numbers < (0.6 if side == "b" else 0.8))
    table = replace(table, ids=rows.ids)
    return [replace(cell(table, side, int(seed[4:]), int(fold[4:])), run=run)]
