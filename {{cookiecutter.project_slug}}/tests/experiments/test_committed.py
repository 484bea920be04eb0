import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.experiments.committed import plan_commit
from {{ cookiecutter.package_name }}.runtime.errors import UserError

Commit = Callable[[Path], str]


@pytest.fixture
def plan(project: Path) -> Path:
    """A plan in a repository that holds the project in a folder of its own."""
    subprocess.run(["git", "init", "-q"], cwd=project.parent, check=True)
    file = project / "docs" / "experiments" / "wide.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("b: 1\n", "utf-8")
    return file


def refused(project: Path, plan: Path) -> str:
    with pytest.raises(UserError) as caught:
        plan_commit(project, plan)
    return str(caught.value)


def test_the_commit_is_the_one_in_which_the_plan_got_its_content(
    plan: Path, project: Path, commit: Commit
) -> None:
    first = commit(project.parent)
    (project / "other").touch()
    commit(project.parent)
    assert plan_commit(project, plan) == first
    plan.write_text("b: 2\n", "utf-8")
    assert refused(project, plan)
    second = commit(project.parent)
    assert plan_commit(project, plan) == second != first


def test_a_plan_that_is_not_committed_is_refused_with_the_command(
    plan: Path, project: Path
) -> None:
    assert refused(project, plan)
    subprocess.run(["git", "add", "--all"], cwd=project, check=True)
    told = refused(project, plan)
    assert told.startswith("docs/experiments/wide.yaml: not committed as it is.")
    assert 'git add docs/experiments/wide.yaml && git commit -m "docs: plan wide"' in told


def test_outside_of_git_there_is_no_commit(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    assert plan_commit(project, project / "docs" / "experiments" / "wide.yaml") == ""
