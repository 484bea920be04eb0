import json

import pytest
from project_tools.sabotage.cuts import CutError

from learn import doing, drills
from learn.doing import Desk
from learn.tests.little import git

SUMS = "src/toy/sums.py"
TEST = "tests/test_sums.py::test_mean"


def mend(desk: Desk) -> None:
    file = desk.shop.folder / SUMS
    text = file.read_text("utf-8").replace("return total(a, b)\n", "return total(a, b) * 0.5\n")
    file.write_text(text, "utf-8", newline="\n")


def entries(desk: Desk) -> list[dict[str, object]]:
    lines = (desk.shop.notes / "drills.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_drill_shows_the_symptom_and_not_the_place(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drills.start(desk, "test", 0) == 0
    told = capsys.readouterr().out
    assert f"{TEST} fails" in told
    assert "half-of-what" not in told
    assert "sums.py::mean" not in told
    assert "return total(a, b)\n" in (desk.shop.folder / SUMS).read_text("utf-8")


def test_git_does_not_give_the_place_away(desk: Desk) -> None:
    drills.start(desk, "test", 0)
    assert git(desk.shop.folder, "status", "--porcelain") == ""
    assert git(desk.shop.folder, "diff") == ""


def test_the_harder_level_tells_only_where_the_tests_are(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    drills.start(desk, "area", 0)
    told = capsys.readouterr().out
    assert "fails in tests:" in told
    assert "test_mean" not in told


def test_a_mended_drill_is_shown_and_logged_with_the_first_wrong_suspicion(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    drills.start(desk, "test", 0)
    drills.guess(desk, "total adds the wrong numbers")
    drills.guess(desk, "the division in Mean")
    assert drills.check(desk) == 1
    assert f"not mended yet: {TEST}" in capsys.readouterr().out
    mend(desk)
    assert drills.check(desk) == 0
    told = capsys.readouterr().out
    assert "-    return total(a, b) / 2" in told
    assert "Forgets to divide." in told
    (entry,) = entries(desk)
    assert entry["first_wrong"] == "total adds the wrong numbers"
    assert entry["guesses"] == 2
    assert entry["found"] is not None
    assert entry["mended"] is not None
    drills.log(desk)
    assert "total adds the wrong numbers" in capsys.readouterr().out
    assert doing.start(desk, "add") == 0  # the worktree is whole again


def test_giving_up_is_logged_too(desk: Desk) -> None:
    drills.start(desk, "test", 0)
    drills.stop(desk)
    (entry,) = entries(desk)
    assert entry["mended"] is None
    assert entry["found"] is None
    assert "return total(a, b) / 2" in (desk.shop.folder / SUMS).read_text("utf-8")


def test_an_exercise_and_a_drill_do_not_mix(desk: Desk) -> None:
    doing.start(desk, "add")
    drills.start(desk, "test", 0)
    assert "return a + b" in (desk.shop.folder / SUMS).read_text("utf-8")
    for act in (lambda: doing.start(desk, "add"), lambda: doing.finish(desk)):
        with pytest.raises(CutError, match="a drill goes on"):
            act()
    with pytest.raises(CutError, match="a drill goes on"):
        drills.start(desk, "test", 0)


def test_without_a_drill_there_is_nothing_to_check(desk: Desk) -> None:
    with pytest.raises(CutError, match="no drill goes on"):
        drills.check(desk)
