from collections import Counter
from pathlib import Path

import pytest
from project_tools.sabotage.cuts import CutError
from project_tools.sabotage.surgery import find

from learn.exercises import AREAS, KINDS, choose, load, place
from learn.tests.little import EXERCISES

PROJECT = Path(__file__).resolve().parents[2]
REAL = load(PROJECT / "learn" / "exercises")
ADD = EXERCISES["python/add.toml"]


def refused(folder: Path, text: str, name: str = "python/add.toml") -> str:
    file = folder / name
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    with pytest.raises(CutError) as caught:
        load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hints =", "hint =", "unknown field 'hint'. Did you mean hints?"),
        ('"write"', '"wirte"', "kind is 'wirte'. Did you mean write?"),
        ("minutes = 5", "minutes = 45", "minutes is 45, expected 1 to 20."),
        ('"a + b"]', "]", "there are 2 hints, expected 3."),
        ('task = "Add both."', 'task = " "', "task is ' ', expected a text."),
        ('"tests/test_sums.py::test_total"', "", "tests is [], expected a list of texts."),
        ('body = "return a * b"', 'bdy = ""', "wrong 2: expected why and body"),
        ('title = "Add"', "title = Add", "cannot be read"),
    ],
)
def test_a_mistake_in_an_exercise_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in ADD
    message = refused(tmp_path, ADD.replace(old, new, 1))
    assert message.startswith("python/add.toml")
    assert told in message


def test_one_wrong_body_is_too_few(tmp_path: Path) -> None:
    text = ADD[: ADD.rindex("[[wrong]]")]
    assert "expected at least 2 entries [[wrong]]" in refused(tmp_path, text)


def test_a_folder_that_is_no_area_is_named(tmp_path: Path) -> None:
    message = refused(tmp_path, ADD, "pyton/add.toml")
    assert "its folder is 'pyton'. Did you mean python?" in message


def test_exercises_come_by_area_and_from_completing_to_transferring() -> None:
    order = [(AREAS.index(e.area), KINDS.index(e.kind)) for e in REAL.values()]
    assert order == sorted(order)


def test_each_area_that_has_exercises_has_the_whole_ladder() -> None:
    kinds = Counter((e.area, e.kind) for e in REAL.values())
    for area in {e.area for e in REAL.values()}:
        assert [kinds[area, kind] for kind in KINDS] == [1, 2, 1], area


@pytest.mark.parametrize("name", REAL)
def test_what_is_to_be_read_and_written_is_there(name: str) -> None:
    exercise = choose(REAL, name)
    for target in (exercise.target, exercise.read):
        file = place(PROJECT, target)
        assert file.is_file()
        if function := target.partition("::")[2]:
            import ast

            assert find(ast.parse(file.read_text("utf-8")), function)
    assert exercise.read != exercise.target
