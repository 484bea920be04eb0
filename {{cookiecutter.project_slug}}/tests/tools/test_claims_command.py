import json
import sys
from pathlib import Path

import pytest
from project_tools.claims import command

LINE = "98.4 % <!-- claim: accuracy percent -->\n"


@pytest.fixture
def texts(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose README claims something."""
    monkeypatch.setattr(command, "PROJECT", project)
    (project / "reports").mkdir()
    (project / "reports" / "metrics.json").write_text(json.dumps({"accuracy": 0.984}), "utf-8")
    (project / "README.md").write_text(LINE, "utf-8")
    return project


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["claims", *words])
    return command.main()


@pytest.mark.usefixtures("texts")
def test_what_holds_ends_with_zero(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert capsys.readouterr().out == "claims: 1 claims in 1 files, all hold\n"


def test_what_has_drifted_ends_with_one_and_is_put_right_when_asked(
    texts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (texts / "reports" / "model_card.md").write_text(LINE.replace("98.4", "97.0"), "utf-8")
    assert run(monkeypatch) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("reports/model_card.md:1: 97.0 is 98.4 now")
    assert last == "claims: 2 claims in 2 files, 1 wrong"
    assert run(monkeypatch, "--fix") == 0
    assert "reports/model_card.md: 1 numbers put right" in capsys.readouterr().out
    assert (texts / "reports" / "model_card.md").read_text("utf-8") == LINE
    assert (texts / "README.md").read_text("utf-8") == LINE


def test_what_cannot_be_put_right_still_ends_with_one(
    texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (texts / "README.md").write_text("98.4 %\n", "utf-8")
    assert run(monkeypatch, "--fix") == 1
    assert (texts / "README.md").read_text("utf-8") == "98.4 %\n"


def test_experiments_are_checked_too(
    texts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = texts / "docs" / "experiments"
    folder.mkdir(parents=True)
    (folder / "wide.json").write_text("{}", "utf-8")
    assert run(monkeypatch) == 1
    printed = capsys.readouterr().out
    assert "docs/experiments/wide.json:1: metric is missing" in printed
    assert "note: whether plans were there before results cannot be checked" in printed
