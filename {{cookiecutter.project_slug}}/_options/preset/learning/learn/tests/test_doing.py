from dataclasses import replace
from pathlib import Path

import pytest
from project_tools.sabotage.cuts import CutError

from learn import doing
from learn.doing import Desk
from learn.progress import Progress
from learn.tests.little import git

SUMS = "src/toy/sums.py"


def read(desk: Desk, name: str = SUMS) -> str:
    return (desk.shop.folder / name).read_text("utf-8")


def solve(desk: Desk, body: str) -> None:
    text = read(desk).replace("raise NotImplementedError", body)
    (desk.shop.folder / SUMS).write_text(text, "utf-8", newline="\n")


def test_start_cuts_the_function_in_the_worktree_and_nowhere_else(
    desk: Desk, toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (toy / SUMS).read_bytes()
    assert doing.start(desk, "add") == 0
    assert '"""Add."""\n    raise NotImplementedError\n' in read(desk)
    assert "return total(a, b) / 2" in read(desk)
    assert (toy / SUMS).read_bytes() == before
    assert git(toy, "status", "--porcelain") == ""
    told = capsys.readouterr().out
    assert "Add both." in told
    assert str(toy.parent / "a project-learn" / "src" / "toy" / "sums.py") in told
    assert "src/toy/sums.py, mean" in told


def test_the_tests_run_over_the_worktrees_module(desk: Desk) -> None:
    desk.shop.open()
    _, said = desk.shop.test(("tests/test_sums.py::test_where_it_is",))
    assert f"the module is {desk.shop.folder / SUMS}" in said


def test_check_fails_over_the_stub_and_passes_when_it_is_written(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    doing.start(desk, "add")
    assert doing.check(desk, None) == 1
    assert "NotImplementedError" in capsys.readouterr().out
    solve(desk, "return a - b")
    assert doing.check(desk, None) == 1
    assert "FAILED tests/test_sums.py::test_total[" in capsys.readouterr().out
    solve(desk, "return a + b")
    (desk.shop.folder / SUMS).write_text(read(desk).replace("a - b", "b + a"), "utf-8")
    assert doing.check(desk, "add") == 0
    assert "2 passed" in capsys.readouterr().out
    done = Progress.load(desk.shop.notes).exercises["add"]
    assert done.solved
    assert done.checks == 3


def test_where_no_test_runs_the_learner_is_not_blamed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    doing.start(desk, "add")
    renamed = desk.exercises["add"].tests[0].partition("::")[0] + "::test_of_another_name"
    desk.exercises["add"] = replace(desk.exercises["add"], tests=(renamed,))
    assert doing.check(desk, None) == 2
    assert "no test ran. That is a mistake of the exercise, not yours." in capsys.readouterr().out


def test_each_hint_is_told_after_the_one_before(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    doing.start(desk, "add")
    seen: list[int] = []
    for _ in range(4):
        capsys.readouterr()
        doing.hint(desk, None)
        seen.append(capsys.readouterr().out.count(" of 3: "))
    assert seen == [1, 2, 3, 3]


def test_work_waits_while_something_else_is_done_and_reset_begins_anew(desk: Desk) -> None:
    doing.start(desk, "add")
    solve(desk, "return 7")
    doing.start(desk, "note")
    assert "return a + b" in read(desk)
    assert read(desk, "learn/note.md") == "h\n"
    doing.start(desk, "add")
    assert "return 7" in read(desk)
    assert read(desk, "learn/note.md") == "hello\n"
    doing.reset(desk, None)
    assert "return 7" not in read(desk)
    assert "raise NotImplementedError" in read(desk)


def test_work_that_was_begun_on_an_older_file_does_not_undo_the_new_one(
    desk: Desk, toy: Path
) -> None:
    doing.start(desk, "add")
    solve(desk, "return 7")
    doing.start(desk, "note")
    text = (toy / SUMS).read_text("utf-8").replace("Half of the sum", "The middle")
    (toy / SUMS).write_text(text, "utf-8", newline="\n")
    git(toy, "commit", "--quiet", "--all", "--message", "other words")
    doing.start(desk, "add")
    assert "The middle" in read(desk)
    assert "raise NotImplementedError" in read(desk)


def test_the_solution_is_shown_as_a_difference(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    doing.start(desk, "add")
    solve(desk, "return 7")
    capsys.readouterr()
    doing.solution(desk, None)
    told = capsys.readouterr().out.splitlines()
    assert "-    return 7" in told
    assert "+    return a + b" in told


def test_a_document_is_an_exercise_too(desk: Desk) -> None:
    doing.start(desk, "note")
    assert doing.check(desk, None) == 1
    (desk.shop.folder / "learn" / "note.md").write_text("hello\n", "utf-8", newline="\n")
    assert doing.check(desk, None) == 0


def test_progress_is_kept_where_no_commit_takes_it_along(desk: Desk, toy: Path) -> None:
    doing.start(desk, "add")
    doing.check(desk, None)
    git(toy, "add", "--all")
    assert git(toy, "status", "--porcelain") == ""
    assert desk.shop.notes == (toy / ".git" / "learn").resolve()
    assert Desk(desk.shop.folder).progress == desk.progress  # also seen from the worktree


def test_finish_removes_the_worktree_and_keeps_the_work(desk: Desk, toy: Path) -> None:
    doing.start(desk, "add")
    solve(desk, "return 7")
    doing.finish(desk)
    assert not desk.shop.folder.exists()
    doing.start(Desk(toy), "add")
    assert "return 7" in read(desk)


def test_a_wrong_word_is_told_with_what_is_right(desk: Desk) -> None:
    with pytest.raises(CutError, match=r"ad: no such exercise\. Did you mean add\?"):
        doing.start(desk, "ad")
    with pytest.raises(CutError, match="nothing is started: uv run python -m learn start"):
        doing.check(desk, None)
    with pytest.raises(CutError, match="add is not what is worked on"):
        doing.check(desk, "add")
