"""What DVC pushes comes back with the same hashes, here and in another clone."""

import shutil
import subprocess
from pathlib import Path

import pytest
from import_graph import stages
from project_copy import OUTPUTS, ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.full]

IN_GIT = {name for stage in stages().values() for name in stage.in_git}


def git(copy: ProjectCopy, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    command = ["git", *identity, *words]
    subprocess.run(command, cwd=copy.folder, env=copy.environment, check=True)


def test_what_was_pushed_comes_back_when_cache_and_outputs_are_gone(finished: ProjectCopy) -> None:
    before = finished.outputs()
    finished.run("dvc", "push")
    shutil.rmtree(finished.folder / ".dvc" / "cache")
    assert set(OUTPUTS) > IN_GIT
    for name in set(OUTPUTS) - IN_GIT:
        path = finished.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert finished.outputs() != before
    finished.run("dvc", "pull")
    assert finished.outputs() == before
    assert finished.status() == {}
    assert finished.repro() == set()


def test_a_clone_pulls_what_another_pushed(finished: ProjectCopy, tmp_path: Path) -> None:
    git(finished, "add", "--all")
    git(finished, "commit", "-q", "-m", "a run")
    finished.run("dvc", "push")
    clone = ProjectCopy(tmp_path / "a clone é", finished.beside)
    git(finished, "clone", "-q", str(finished.folder), str(clone.folder))
    remote = str(finished.folder / ".dvc-remote")
    clone.run("dvc", "remote", "modify", "--local", "storage", "url", remote)
    clone.run("dvc", "pull")
    assert clone.outputs() == finished.outputs()
    assert clone.repro() == set()
    assert clone.repro("--force", "--single-item", "evaluate") == {"evaluate"}
    assert clone.outputs() == finished.outputs()  # every metric to the last bit
