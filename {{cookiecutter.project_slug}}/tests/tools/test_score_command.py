import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from project_tools.score import card, command
from project_tools.score.outcomes import Outcomes, Run

TODAY = datetime.now(UTC)
TESTS = """
import pytest

@pytest.mark.ml_test_score("infra-1")
def test_repeats(): ...

@pytest.mark.ml_test_score("mon-5", "data-1")
def test_numbers(): ...

@pytest.mark.ml_test_score("data-7")
def test_features(): ...
"""
RECORD = f"""
[[evidence]]
item = "data-5"
record = "docs/privacy.md"
who = "A Person"
date = {TODAY - timedelta(days=1):%Y-%m-%d}
expires = {TODAY + timedelta(days=30):%Y-%m-%d}
scope = "demo"
"""


def no(project: Path) -> bool:
    """In place of a question that needs a whole project."""
    return not project


def yes(project: Path) -> bool:
    return bool(project)


@pytest.fixture
def scored(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a few tests, a record, no service, and the example's data."""
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.chdir(project)
    monkeypatch.setattr(card, "has_data", no)
    for name, text in {
        "tests/test_it.py": TESTS,
        "docs/evidence/own.toml": RECORD,
        "docs/privacy.md": "Nobody's.",
        "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["ml_test_score(item)"]\n',
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8")
    return project


def came(project: Path, schedule: str = "", **outcomes: str) -> Path:
    """Write what came of the tests; all passed if nothing else is said."""
    names = {"test_repeats": "passed", "test_numbers": "passed", "test_features": "passed"}
    tests = {f"tests/test_it.py::{name}": one for name, one in (names | outcomes).items()}
    Outcomes(Run(TODAY, "0123456789abcdef", schedule), tests).save(project / "came.json")
    return project / "came.json"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["ml-test-score", *words])
    return command.main()


def report(project: Path) -> Any:
    return json.loads((project / "reports/ml_test_score.json").read_text("utf-8"))


def test_points_are_halves_until_a_schedule_has_run_the_tests(
    scored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "--outcomes", str(came(scored))) == 0
    by_hand = report(scored)
    assert by_hand["sections"] == {"data": 1.5, "model": 0, "infra": 0.5, "mon": 0}
    assert by_hand["sections_projected"] == {"data": 2.5, "model": 0, "infra": 1, "mon": 0}
    assert (by_hand["score"], by_hand["projected"], by_hand["weakest"]) == (0, 0, "model")
    assert by_hand["items"]["mon-5"]["rests_on"].startswith("there is no service here")
    assert run(monkeypatch, "--outcomes", str(came(scored, "GitHub run 12"))) == 0
    repeated = report(scored)
    assert repeated["sections"] == by_hand["sections_projected"]
    assert repeated["run"]["schedule"] == "GitHub run 12"
    assert run(monkeypatch, "--outcomes", "reports/ml_test_score.json") == 0  # a report will do
    assert report(scored) == repeated


def test_the_report_says_what_each_item_rests_on_and_what_to_do_next(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--outcomes", str(came(scored, test_features="skipped")))
    printed = capsys.readouterr().out
    page = (scored / "reports/ml_test_score.md").read_text("utf-8")
    for text in (printed, page):
        assert "1 of 1 skipped: test_it.py::test_features" in text
        assert "The weakest section is Model (0 of 7, projected). Next:" in text
        assert "- model-3: `uv run tune`" in text
        assert "ML Test Score: 0, more of a research project" in text
    assert "commit 0123456789ab" in page
    assert max(map(len, printed.splitlines())) <= 100


def test_what_is_about_the_example_is_lost_with_its_data(
    scored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card, "has_data", yes)
    run(monkeypatch, "--outcomes", str(came(scored)))
    assert report(scored)["items"]["data-5"] == {
        "title": "Privacy is kept along the pipeline",
        "now": 0,
        "projected": 0,
        "rests_on": "docs/privacy.md is about the example's data",
        "next": report(scored)["items"]["data-5"]["next"],
    }


@pytest.mark.slow
def test_without_a_file_the_marked_tests_are_run(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_EVENT_NAME", "CI_PIPELINE_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    assert run(monkeypatch) == 0
    assert report(scored)["items"]["infra-1"]["now"] == 0.5
    broken = '[tool.pytest.ini_options]\naddopts = "--no-such-option"\n'
    (scored / "pyproject.toml").write_text(broken, "utf-8")
    assert run(monkeypatch) == 2
    assert "the tests do not run: pytest ended with 4" in capsys.readouterr().err


def test_a_score_below_what_was_asked_for_ends_with_one(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(came(scored))
    assert run(monkeypatch, "--outcomes", file, "--at-least", "0") == 0
    assert run(monkeypatch, "--outcomes", file, "--at-least", "2") == 1
    assert capsys.readouterr().err == "ml-test-score: 0 is less than 2\n"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("tests/test_it.py", TESTS.replace("mon-5", "mon5"), "'mon5' is no item. Did you mean mon"),
        ("docs/evidence/own.toml", RECORD.replace("demo", "x"), "own.toml, entry 1: scope is 'x'"),
        ("came.json", "{}", "came.json: expected what `pytest -p project_tools.score.plugin`"),
    ],
)
def test_a_mistake_is_one_line_and_writes_no_report(
    scored: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    told: str,
) -> None:
    outcomes = came(scored)
    (scored / file).write_text(text, "utf-8")
    assert run(monkeypatch, "--outcomes", str(outcomes)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ml-test-score: ")
    assert told in line
    assert not (scored / "reports").exists()
