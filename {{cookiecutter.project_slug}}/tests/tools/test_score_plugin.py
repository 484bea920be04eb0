import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from project_tools.score.mistakes import ScoreError
from project_tools.score.outcomes import Outcomes, Run

TESTS = """
import pytest

pytestmark = pytest.mark.ml_test_score("infra-1")


@pytest.fixture
def broken():
    yield
    raise ValueError("while it was put away")


@pytest.mark.parametrize("number", [1, 2])
def test_good(number): ...

@pytest.mark.parametrize("number", [1, 2])
def test_one_of_two(number):
    assert number == 1

def test_skipped():
    pytest.skip("no such machine")

@pytest.mark.xfail
def test_expected_to_fail():
    assert False

def test_not_put_away(broken): ...

@pytest.mark.slow
def test_left_out(): ...
"""
CAME = {
    "test_good": "passed",
    "test_one_of_two": "failed",
    "test_skipped": "skipped",
    "test_expected_to_fail": "xfail",
    "test_not_put_away": "failed",
    "test_left_out": "deselected",
    "test_of_another_file": "did not run",
}
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize("processes", ["0", "2"])
def test_what_came_of_each_test_is_written_down(project: Path, processes: str) -> None:
    (project / "test_toy.py").write_text(TESTS, "utf-8")
    (project / "test_plain.py").write_text("def test_without_a_mark(): ...\n", "utf-8")
    markers = "[pytest]\nmarkers =\n    slow\n    ml_test_score(item)\n"
    (project / "pytest.ini").write_text(markers, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-n", processes]
    plugin = ["-p", "project_tools.score.plugin", "--ml-test-score=out/came.json"]
    done = subprocess.run([*command, *plugin], cwd=project, capture_output=True, check=False)
    assert done.returncode == 1, done.stdout.decode()
    found = Outcomes.load(project / "out" / "came.json")
    assert {name: found.of(f"test_toy.py::{name}") for name in CAME} == CAME
    assert not [name for name in found.tests if "test_plain" in name]


@pytest.mark.parametrize(
    ("environment", "schedule"),
    [
        ({}, ""),
        ({"GITHUB_EVENT_NAME": "schedule", "GITHUB_RUN_ID": "12"}, "GitHub run 12"),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_RUN_ID": "12"}, ""),
        ({"GITHUB_EVENT_NAME": "schedule"}, ""),
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_PIPELINE_ID": "7"}, "GitLab run 7"),
        ({"CI_PIPELINE_SOURCE": "merge_request_event", "CI_PIPELINE_ID": "7"}, ""),
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_PIPELINE_ID": ""}, ""),
    ],
)
def test_a_scheduled_run_is_known_by_its_id(
    project: Path, environment: dict[str, str], schedule: str
) -> None:
    assert Run.here(project, environment).schedule == schedule


@pytest.mark.parametrize(
    ("schedule", "days", "counts"),
    [
        ("GitHub run 12", 0, True),
        ("GitHub run 12", 8, True),
        ("GitHub run 12", 8.1, False),
        ("GitHub run 12", -1, False),
        ("", 0, False),
    ],
)
def test_only_a_scheduled_run_of_the_last_days_counts_as_repeated(
    schedule: str, days: float, counts: bool
) -> None:
    assert Run(NOW - timedelta(days=days), "", schedule).is_repeated(NOW) is counts


def test_outcomes_read_back_the_same(tmp_path: Path) -> None:
    written = Outcomes(Run(NOW, "abc", "GitLab run 7"), {"tests/test_a.py::test_b[x]": "passed"})
    written.save(tmp_path / "new" / "came.json")
    assert Outcomes.load(tmp_path / "new" / "came.json") == written


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": {"when": "yesterday"}}'])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "came.json").write_text(text, "utf-8")
    with pytest.raises(ScoreError, match=r"came\.json: expected what `pytest -p"):
        Outcomes.load(tmp_path / "came.json")
    with pytest.raises(ScoreError, match=r"none\.json: cannot be read"):
        Outcomes.load(tmp_path / "none.json")
