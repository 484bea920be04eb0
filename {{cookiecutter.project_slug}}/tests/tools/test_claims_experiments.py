import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from project_tools.claims import experiments

PLAN = "metric: accuracy\nrows: 400\nseeds: 5\n"


def git(folder: Path, *words: str) -> None:
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "so far")


@pytest.fixture
def begun(project: Path) -> Path:
    """A new repository that holds the project in a folder of its own."""
    git(project, "init", "-q", "-b", "main")
    folder = project / "part"
    folder.mkdir()
    return folder


@pytest.fixture
def repository(begun: Path) -> Path:
    """The same with a committed plan."""
    plan(begun, PLAN)
    commit(begun)
    return begun


def plan(project: Path, text: str) -> None:
    folder = project / "docs" / "experiments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wide.yaml").write_text(text, "utf-8")


def result(project: Path, planned: str = PLAN, **changes: Any) -> None:
    usual: dict[str, Any] = {
        "metric": "accuracy",
        "rows": 400,
        "seeds": [0, 1, 2, 3, 4],
        "deviations": [],
        "plan_hash": hashlib.sha256(planned.encode()).hexdigest()[:32],
        "sentence": "b is better than a by 1.2 points",
    }
    folder = project / "docs" / "experiments"
    (folder / "wide.json").write_text(json.dumps(usual | changes), "utf-8")
    told = "b is better than a by 1.2<!-- claim: wide.json#x points --> points"
    (folder / "wide.md").write_text(f"# wide\n\n{told}.\n", "utf-8")


def told(project: Path) -> list[str]:
    problems, notes = experiments.check(project)
    assert notes == []
    assert all(one.startswith("docs/experiments/wide.json:1: ") for one in problems)
    return [one.partition(": ")[2] for one in problems]


def test_a_plan_before_its_result_passes_committed_or_not(repository: Path) -> None:
    assert told(repository) == []
    result(repository)
    assert told(repository) == []
    commit(repository)
    assert told(repository) == []


def test_a_plan_in_the_commit_of_its_result_does_not(begun: Path) -> None:
    plan(begun, PLAN)
    result(begun)
    (problem,) = told(begun)
    assert problem.startswith("docs/experiments/wide.yaml is not committed")
    commit(begun)
    (problem,) = told(begun)
    assert "which is not before" in problem


def test_an_example_comes_with_its_result_in_one_commit(begun: Path) -> None:
    plan(begun, PLAN)
    result(begun)
    folder = begun / "docs/experiments"
    for suffix in (".yaml", ".json", ".md"):
        (folder / "wide").with_suffix(suffix).rename(folder / f"example_wide{suffix}")
    commit(begun)
    assert experiments.check(begun) == ([], [])
    (folder / "example_wide.yaml").write_text(PLAN.replace("400", "500"), "utf-8")
    problems, _ = experiments.check(begun)
    assert problems == [
        "docs/experiments/example_wide.json:1: example_wide.yaml is not the plan that it was "
        "carried out by"
    ]


def test_a_plan_that_was_changed_after_its_result_does_not(repository: Path) -> None:
    result(repository)
    commit(repository)
    changed = PLAN.replace("400", "500")
    plan(repository, changed)
    assert told(repository) == ["wide.yaml is not the plan that it was carried out by"]
    commit(repository)
    result(repository, changed, rows=500)  # as if it had been so from the start
    commit(repository)
    (problem,) = told(repository)
    assert "which is not before" in problem


def test_a_plan_on_another_branch_is_not_before_the_result(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "other")
    result(repository)
    commit(repository)
    git(repository, "checkout", "-q", "main")
    changed = PLAN.replace("400", "500")
    plan(repository, changed)
    commit(repository)
    git(repository, "merge", "-q", "other", "-m", "both")
    result(repository, changed, rows=500)
    commit(repository)
    (problem,) = told(repository)
    assert "which is not before" in problem


def test_an_uncommitted_change_of_the_plan_is_seen(repository: Path) -> None:
    changed = PLAN.replace("400", "500")
    plan(repository, changed)
    result(repository, changed, rows=500)
    (problem,) = told(repository)
    assert "was committed with other content" in problem


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"metric": "macro_f1"}, "it reports macro_f1, and accuracy was planned"),
        ({"seeds": [0, 1, 2]}, "3 seeds, 5 planned, and nothing is said of it"),
        ({"rows": 390}, "390 rows, 400 planned, and nothing is said of it"),
        ({"sentence": "b is best"}, "wide.md does not have its sentence"),
    ],
)
def test_what_is_not_as_planned_is_told_unless_the_result_says_it(
    changes: dict[str, Any], problem: str, repository: Path
) -> None:
    result(repository, **changes)
    assert told(repository) == [problem]
    if problem.endswith("said of it"):
        result(repository, **changes, deviations=["other rows and seeds than planned"])
        assert told(repository) == []


def test_one_deviation_that_is_told_excuses_no_other(repository: Path) -> None:
    result(repository, rows=390, seeds=[0, 1, 2], deviations=["390 rows: ten were unreadable"])
    assert told(repository) == ["3 seeds, 5 planned, and nothing is said of it"]


def test_a_result_without_a_plan_or_a_page_is_told(repository: Path) -> None:
    result(repository)
    folder = repository / "docs" / "experiments"
    (folder / "wide.md").unlink()
    assert told(repository) == ["its page, wide.md, is not there"]
    (folder / "wide.yaml").unlink()
    assert told(repository)[0] == "it has no plan, wide.yaml"


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_what_is_no_result_is_told(text: str, repository: Path) -> None:
    (repository / "docs" / "experiments" / "wide.json").write_text(text, "utf-8")
    (problem,) = told(repository)
    assert problem.startswith(("cannot be read", "metric is missing"))


def test_line_ends_do_not_change_a_plan(repository: Path) -> None:
    result(repository)
    file = repository / "docs" / "experiments" / "wide.yaml"
    file.write_bytes(PLAN.replace("\n", "\r\n").encode())
    assert told(repository) == []


def test_where_git_has_no_history_it_says_that_it_cannot_tell(project: Path) -> None:
    plan(project, PLAN)
    assert experiments.check(project) == ([], [])
    result(project)
    problems, (note,) = experiments.check(project)
    assert (problems, note.endswith("cannot be checked: not in a git repository")) == ([], True)


def test_a_shallow_clone_cannot_tell_either(repository: Path, tmp_path: Path) -> None:
    result(repository)
    commit(repository)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", repository.parent.as_uri(), str(clone))
    problems, (note,) = experiments.check(clone / repository.name)
    assert problems == []
    assert "the clone has no history" in note
