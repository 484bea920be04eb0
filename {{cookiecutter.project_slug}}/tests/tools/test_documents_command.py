import sys
from pathlib import Path

import pytest
from project_tools.documents import command

PROJECT = Path(__file__).parents[2]


def run(project: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> int:
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.setattr(sys, "argv", ["documents", *names])
    return command.main()


@pytest.fixture
def faulty(project: Path) -> Path:
    """A project with one record and one postmortem, both empty, and nothing else."""
    for name in ("decisions/0001-a.md", "decisions/template.md", "postmortems/2026-01-31-a.md"):
        file = project / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", "utf-8")
    return project


def test_this_project_s_own_documents_hold() -> None:
    asked_of_people = {PROJECT / "docs/model_card.yaml", PROJECT / "docs/datasheet.md"}
    files = set(command.documents(PROJECT)) - asked_of_people  # whose time may be up: CI says so
    assert {"decisions"} <= {file.parent.name for file in files}
    assert command.problems(PROJECT, sorted(files)) == []


def test_every_problem_is_a_line_and_the_command_fails(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(faulty, monkeypatch) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert all(line.startswith("docs/") and "expected " in line for line in lines)
    assert {line.partition(":")[0] for line in lines} == {
        "docs/decisions/0001-a.md",
        "docs/postmortems/2026-01-31-a.md",
        "docs/model_card.yaml",
        "docs/datasheet.md",
    }
    assert last == f"documents: {len(lines)} wrong"


def test_only_the_files_that_are_named_are_checked(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(faulty, monkeypatch, str(faulty / "docs/decisions/0001-a.md")) == 1
    lines = capsys.readouterr().out.splitlines()[:-1]
    assert lines
    assert all(line.startswith("docs/decisions/0001-a.md:") for line in lines)
    assert run(faulty, monkeypatch, str(faulty / "docs/decisions/template.md")) == 0
    assert capsys.readouterr().out == "documents: all hold\n"
