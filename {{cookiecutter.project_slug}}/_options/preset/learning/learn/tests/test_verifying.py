from pathlib import Path

import pytest

from learn.exercises import Exercise, load
from learn.tests.little import EXERCISES
from learn.verifying import verify


def outcome(project: Path, *names: str, jobs: int = 1) -> int:
    exercises = load(project / "learn" / "exercises")
    chosen: list[Exercise] = [exercises[name] for name in names or exercises]
    return verify(project, chosen, jobs)


def rewrite(project: Path, name: str, old: str, new: str) -> None:
    text = EXERCISES[name]
    assert old in text
    file = project / "learn" / "exercises" / name
    file.write_text(text.replace(old, new), "utf-8")


def test_sound_exercises_pass_each_with_a_line_for_every_body(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(toy, jobs=2) == 0
    lines = capsys.readouterr().out.splitlines()
    told = sorted(line.partition("  by ")[0] for line in lines if line.startswith("ok"))
    assert [" ".join(line.split()) for line in told] == [
        f"ok {name}, {body}" for name in ("add", "note") for body in ("stub", "wrong 1", "wrong 2")
    ]


def test_a_wrong_body_that_passes_is_told_with_its_reason(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(toy, "python/add.toml", "return a * b", "return b + a")
    assert outcome(toy, "add") == 1
    assert "PASSES  add, wrong 2" in capsys.readouterr().out


def test_a_reference_that_fails_makes_the_exercise_broken(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy / "learn" / "note.md").write_text("good day\n", "utf-8")
    assert outcome(toy, "note") == 1
    assert "fails without a cut as well" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sums.py::total", "sums.py::totl", "Did you mean total?"),
        ("sums.py::total", "sum.py::total", "there is no"),
        ("test_sums.py::", "test_sum.py::", "there are no tests tests/test_sum.py"),
        ("return a * b", "return c", "the body uses c, which total does not know"),
    ],
)
def test_what_cannot_be_tried_is_told(
    toy: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    rewrite(toy, "python/add.toml", old, new)
    assert outcome(toy, "add") == 1
    assert told in capsys.readouterr().out
