import os
import shutil
from pathlib import Path

import pytest
from project_tools.sabotage.cuts import CutError

from learn.tests.little import FILES, git
from learn.workshop import BRANCH, Workshop


def test_the_worktree_has_a_branch_of_its_own(toy: Path) -> None:
    shop = Workshop(toy)
    shop.open()
    assert git(shop.folder, "branch", "--show-current") == BRANCH
    assert git(toy, "branch", "--show-current") == "main"
    shop.open()
    assert shop.is_open()


def test_a_project_without_a_repository_or_commit_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "p"
    project.mkdir()
    with pytest.raises(CutError, match="is no git repository of its own"):
        Workshop(project)
    git(project, "init", "--quiet")
    with pytest.raises(CutError, match="nothing is committed yet"):
        Workshop(project).open()


def test_a_project_within_a_larger_repository_is_refused(toy: Path) -> None:
    with pytest.raises(CutError, match="is no git repository of its own"):
        Workshop(toy / "src")


def test_a_folder_that_is_taken_is_left_alone(toy: Path) -> None:
    taken = toy.parent / "a project-learn"
    taken.mkdir()
    (taken / "diary.txt").write_text("mine", "utf-8")
    with pytest.raises(CutError, match="is taken by something else"):
        Workshop(toy).open()
    assert [file.name for file in taken.iterdir()] == ["diary.txt"]


def test_a_worktree_that_somebody_deleted_is_made_anew(toy: Path) -> None:
    shop = Workshop(toy)
    shop.open()
    shutil.rmtree(shop.folder)
    shop.open()
    assert (shop.folder / "src/toy/sums.py").read_text("utf-8") == FILES["src/toy/sums.py"]


def test_it_follows_the_projects_commits(toy: Path) -> None:
    shop = Workshop(toy)
    shop.open()
    (toy / "new.txt").write_text("new", "utf-8")
    git(toy, "add", "--all")
    git(toy, "commit", "--quiet", "--message", "more")
    shop.open()
    assert (shop.folder / "new.txt").is_file()


def test_its_tests_leave_no_bytecode_that_a_second_edit_within_a_second_would_meet(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # the tester's own would hide it
    shop = Workshop(toy)
    shop.open()
    run, said = shop.test(("tests/test_sums.py",))
    assert run.testimony.outcomes, said
    assert list(shop.folder.rglob("__pycache__")) == []


def test_hooks_of_the_project_do_not_run(toy: Path) -> None:
    hook = toy / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8", newline="\n")
    hook.chmod(0o755)
    Workshop(toy).open()


def test_it_works_from_within_a_hook_that_points_git_elsewhere(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", os.fspath(toy.parent / "nowhere"))
    shop = Workshop(toy)
    shop.open()
    monkeypatch.delenv("GIT_DIR")
    assert shop.is_open()
