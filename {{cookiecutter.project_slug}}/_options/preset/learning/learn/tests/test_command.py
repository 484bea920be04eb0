import subprocess
import sys
from pathlib import Path

import pytest

from learn import command
from learn.doing import Desk
from learn.progress import Done

ROOT = Path(__file__).resolve().parents[2]


def run(monkeypatch: pytest.MonkeyPatch, project: Path, *words: str) -> int:
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.setattr(sys, "argv", ["learn", *words])
    return command.main()


def test_without_words_it_says_what_comes_next(
    toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, toy) == 0
    told = capsys.readouterr().out
    assert "Solved: 0 of 2." in told
    assert "uv run python -m learn start add" in told


def test_what_is_solved_is_not_offered_again(
    desk: Desk, toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.progress.exercises["add"], desk.progress.current = Done(solved="2026-01-31"), "add"
    desk.progress.save()
    run(monkeypatch, toy)
    assert "start note" in capsys.readouterr().out
    run(monkeypatch, toy, "list")
    listed = capsys.readouterr().out
    assert "[x] add" in listed
    assert "[ ] note" in listed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["chekc"], "chekc: no such command. Did you mean check?"),
        (["start", "ad"], "ad: no such exercise. Did you mean add?"),
        (["verify", "ad"], "ad: no such exercise."),
        (["drill", "guess"], "say what you suspect"),
    ],
)
def test_a_wrong_word_gives_one_line(
    toy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    assert run(monkeypatch, toy, *words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


@pytest.mark.parametrize(
    ("folder", "call"), [(".", ["-m", "learn"]), ("docs", ["../learn"]), ("learn", ["."])]
)
def test_it_is_called_from_any_folder(folder: str, call: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *call, "--help"],
        cwd=ROOT / folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith("usage: learn"), done.stderr
