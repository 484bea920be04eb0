from pathlib import Path

import pytest
from project_tools.documents import postmortems

PAGE = """\
# 2026-01-31: scores of a month were of the wrong model

| | |
|---|---|
| who noticed it, and how | a colleague, by a number that did not change |
| from, until | from 2026-01-03, mended on 2026-01-31, 14:00 UTC |
| what it did | 412 answers came from the model before |
| versions | model 7 instead of 8 |

## What happened

- 2026-01-03: the service was started again, and took the old file.

## Why

The name of the file was the same, and nothing compared its hash.

## What went well, and what was luck

Answers were recorded.

## What changes

| change | the check that fails without it | who, until |
|---|---|---|
| the service says its version | `test_info` in `tests/serving` | Ada, 2026-02-14 |
"""
NAME = "2026-01-31-wrong-model.md"


@pytest.fixture
def file(project: Path) -> Path:
    place = project / "docs/postmortems" / NAME
    place.parent.mkdir(parents=True)
    place.write_text(PAGE, "utf-8")
    return place


def told(file: Path) -> list[str]:
    problems = postmortems.check(file)
    name = f"docs/postmortems/{file.name}:"
    assert all(one.startswith(name) for one in problems)
    return [one.removeprefix(name) for one in problems]


def test_a_page_with_everything_passes_the_example_s_too(file: Path) -> None:
    assert told(file) == []
    assert told(file.rename(file.with_name(f"example_{NAME}"))) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("# 2026-01-31:", "# 2026-01-30:", "1: expected a title `# 2026-01-31: what went wrong`"),
        ("# 2026-01-31: scores", "# Scores", "1: expected a title `# 2026-01-31: what went wrong`"),
        ("412 answers came from the model before", "<!-- how many? -->", "1: 'what it did' is not"),
        ("| versions | model 7 instead of 8 |\n", "", "1: 'versions' is not answered, expected a"),
        ("2026-01-03, mended", "the start, mended", "1: 'from, until' has no two days in order"),
        ("2026-01-03, mended", "2026-02-03, mended", "1: 'from, until' has no two days in order"),
        ("2026-01-03, mended", "2026-02-31, mended", "1: 'from, until' has no two days in order"),
        ("## What happened", "## Story", "1: no heading 'What happened', expected What happened"),
        ("The name of the file was the same, and nothing compared its hash.", "", "14: 'Why' is"),
        ("Answers were recorded.", "TBD", "18: 'What went well, and what was luck' is not"),
        ("| the service says its version |", "|  |", "22: the action '' has no check, expected"),
        ("`test_info` in `tests/serving`", "", "22: the action 'the service says its version' has"),
        ("Ada, 2026-02-14", "Ada", "22: the action 'the service says its version' has 'Ada' as"),
        ("Ada, 2026-02-14", "2026-02-14", "22: the action 'the service says its version' has"),
        ("Ada, 2026-02-14", "Ada, 2026-02-30", "22: the action 'the service says its version' has"),
        ("| who, until |", "| owner |", "22: no table of actions, expected the columns change"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_was_expected(
    old: str, new: str, problem: str, file: Path
) -> None:
    assert PAGE.count(old) == 1
    file.write_text(PAGE.replace(old, new), "utf-8")
    (only,) = told(file)
    assert only.startswith(problem)
    assert "expected " in only


def test_a_page_is_named_by_its_day(file: Path) -> None:
    wrong = "expected YYYY-MM-DD-what.md"
    for name in ("wrong-model.md", "2026-13-01-wrong-model.md", "2026-01-31.md"):
        (only,) = told(file.rename(file.with_name(name)))
        assert only == f"1: its name is {name}, {wrong}"
        file.with_name(name).rename(file)


def test_without_an_action_nothing_changes(file: Path) -> None:
    file.write_text(PAGE[: PAGE.index("| the service says")], "utf-8")
    assert told(file) == ["22: no action, expected at least one with its check and owner"]
