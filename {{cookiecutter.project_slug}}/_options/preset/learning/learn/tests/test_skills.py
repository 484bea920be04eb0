"""Each page of docs/skills/ leads to code, a test, a cut, exercises and a figure that are there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from project_pages import PROJECT, links, names_in
from project_tools.sabotage.cuts import AREAS, load
from project_tools.sabotage.sandbox import package_of

SKILLS = PROJECT / "docs/skills"
EXERCISES = PROJECT / "learn/exercises"
PARTS = ("Where it is practised", "See it", "What fails without it", "Three questions", "Read next")
EXERCISES_OF_AN_AREA = 4
SYMBOL = re.compile(r"\[`([^`]+)`\]\(([^)]+)\)")
EACH = pytest.mark.parametrize("area", AREAS)
CUTS = {cut.name: cut for cut in load(PROJECT / "tests/cuts")}


def text_of(area: str) -> str:
    return (SKILLS / f"{area}.md").read_text("utf-8")


def part(area: str, name: str) -> str:
    """What stands below a heading of a page."""
    return text_of(area).partition(f"## {name}\n")[2].partition("\n## ")[0]


def named_test(area: str) -> str:
    found = re.search(r"^- Test: \[`([^`]+)`\]", part(area, "What fails without it"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_there_is_a_page_for_each_area_and_no_other() -> None:
    assert {file.stem for file in SKILLS.glob("*.md")} == {*AREAS, "README"}
    assert {f"{area}.md" for area in AREAS} <= {*links(SKILLS / "README.md")}


@EACH
def test_every_symbol_is_in_the_file_that_it_is_linked_to(area: str) -> None:
    found = SYMBOL.findall(part(area, "Where it is practised"))
    assert len(found) >= 4
    for symbol, target in found:
        path, _, name = symbol.partition("::")
        file = (SKILLS / target).resolve()
        assert file == (package_of(PROJECT) / path).resolve()
        assert not name or name in names_in(file), symbol


@EACH
def test_a_page_has_its_parts_in_order_and_three_questions_with_folded_answers(area: str) -> None:
    text = text_of(area)
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == PARTS
    questions = part(area, "Three questions")
    for tag in ("<details>", "<summary>", "</summary>", "</details>"):
        assert questions.count(tag) == 3
    assert "uv run " in part(area, "See it")
    assert part(area, "Read next").count("\n- ") >= 2


@EACH
def test_the_named_test_is_there_and_its_cut_says_that_it_must_fail(area: str) -> None:
    test = named_test(area)
    path, _, name = test.partition("::")
    assert name in names_in(PROJECT / path)
    named = re.search(r"^- Cut: `([^`]+)`", part(area, "What fails without it"), re.MULTILINE)
    assert named is not None
    assert {test, path} & {*CUTS[named[1]].tests}


@EACH
def test_each_area_has_its_exercises(area: str) -> None:
    assert f"learn/exercises/{area}/" in text_of(area)
    assert len([*(EXERCISES / area).glob("*.toml")]) == EXERCISES_OF_AN_AREA


def test_figures_are_those_that_the_projects_functions_draw(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "learn.figures", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)

    def said(file: Path) -> list[str]:
        """The words and numbers of a figure: another version of the library may draw otherwise."""
        return re.findall(r"<text[^>]*>([^<]+)</text>", file.read_text("utf-8"))

    assert {file.stem for file in (SKILLS / "figures").iterdir()} == {*AREAS}
    for area in AREAS:
        shown, drawn = SKILLS / f"figures/{area}.svg", tmp_path / f"{area}.svg"
        assert f"](figures/{area}.svg)" in text_of(area)
        assert said(shown) == said(drawn) != []
        assert 'fill="#fefefe"' in shown.read_text("utf-8")  # paper, on a dark page too
