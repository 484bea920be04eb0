import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.records import looks
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def test_each_model_counts_once_for_each_test_set(tmp_path: Path) -> None:
    assert looks.note_look(tmp_path, "set", "first", "pipeline") == 1
    assert looks.note_look(tmp_path, "set", "first", "pipeline") == 1
    assert looks.note_look(tmp_path, "set", "second", "try") == 2
    assert looks.note_look(tmp_path, "other set", "second", "try") == 1
    found = looks.read_looks(tmp_path)
    assert [(look.test_set, look.of) for look in found] == [
        ("set", "pipeline"),
        ("set", "try"),
        ("other set", "try"),
    ]


def test_looking_again_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    looks.note_look(tmp_path, "set", "first", "pipeline")
    before = (tmp_path / looks.LEDGER).read_bytes()
    looks.note_look(tmp_path, "set", "first", "another name")
    assert (tmp_path / looks.LEDGER).read_bytes() == before


def test_looks_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    def look(number: int) -> int:
        return looks.note_look(tmp_path, "set", str(number), "try")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(30)))
    assert len(looks.read_looks(tmp_path)) == 30


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "{}", json.dumps({"test_set": "a"})])
def test_a_line_that_a_merge_left_is_named(tmp_path: Path, line: str) -> None:
    looks.note_look(tmp_path, "set", "first", "pipeline")
    file = tmp_path / looks.LEDGER
    file.write_text(file.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(UserError, match=r"records/test_looks.jsonl:2: not a look"):
        looks.read_looks(tmp_path)


def test_a_warning_comes_after_many_looks_and_names_the_level_that_is_left() -> None:
    assert looks.warning(looks.MOST_LOOKS) == ""
    assert "25 models" in looks.warning(25)
    assert "a level of 0.002 now" in looks.warning(25)
