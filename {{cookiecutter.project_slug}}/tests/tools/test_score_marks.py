from pathlib import Path

import pytest
from project_tools.score.catalogue import ITEMS
from project_tools.score.marks import Mark, marks_in, marks_of
from project_tools.score.mistakes import ScoreError

PROJECT = Path(__file__).parents[2]
FILE = "tests/test_it.py"
TEXT = """
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.ml_test_score("infra-2")]


@pytest.mark.parametrize("n", [1])
@pytest.mark.ml_test_score("infra-1", "infra-3")
def test_one(n: int) -> None: ...


@pytest.mark.ml_test_score("data-4", scope="demo")
class TestMany:
    def test_two(self) -> None: ...

    def helper(self) -> None: ...


def helper() -> None: ...
"""


def test_marks_of_files_classes_and_functions_are_found() -> None:
    assert marks_of(TEXT, FILE) == [
        Mark(f"{FILE}::test_one", "infra-2"),
        Mark(f"{FILE}::test_one", "infra-1"),
        Mark(f"{FILE}::test_one", "infra-3"),
        Mark(f"{FILE}::TestMany::test_two", "infra-2"),
        Mark(f"{FILE}::TestMany::test_two", "data-4", "demo"),
    ]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ('ml_test_score("infa-1")', r"it\.py:1: 'infa-1' is no item\. Did you mean infra-1\?"),
        ('ml_test_score("data-8")', r"it\.py:1: 'data-8' is no item\. Did you mean data-\d\?"),
        ("ml_test_score()", r"it\.py:1: '' is no item\. There are: data-1, data-2"),
        ("ml_test_score", r"it\.py:1: ml_test_score names no item\."),
        ('ml_test_score(f"data-{1}")', "'' is no item"),
        ('ml_test_score("data-1", scope="dmo")', r"scope is 'dmo'\. Did you mean demo\?"),
    ],
)
def test_a_mark_that_names_no_item_is_refused_with_its_place(mark: str, told: str) -> None:
    with pytest.raises(ScoreError, match=told):
        marks_of(f"@pytest.mark.{mark}\ndef test_it(): ...", FILE)


def test_a_file_that_is_no_python_is_named() -> None:
    with pytest.raises(ScoreError, match=r"tests/test_it\.py:1: no Python"):
        marks_of("def test_it(:", FILE)


def test_the_marks_of_this_project_name_items_that_there_are() -> None:
    found = {mark.item for mark in marks_in(PROJECT)}
    assert len(found) >= 12
    assert found <= {item.name for item in ITEMS}


def test_the_page_says_what_each_item_is() -> None:
    page = (PROJECT / "docs/ml_test_score.md").read_text("utf-8")
    assert [item.name for item in ITEMS if f"| {item.name} | {item.title} |" not in page] == []
