"""What a cut proves: which ones are chosen by it, and whether those of this project suffice."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_tools.sabotage import command
from project_tools.sabotage.command import PROJECT
from project_tools.sabotage.cuts import AREAS, ITEMS, CutError, load, select
from project_tools.sabotage.witness import belongs
from toy_project import cut_of, write_toy

TOTAL = "tests/test_sums.py::test_total"
PLAIN = cut_of("total", "return 1", TOTAL, name="plain")
OF_AREA = cut_of("total", "return 2", TOTAL, name="of an area", proves=("evaluation", "models"))
OF_ITEM = cut_of("total", "return a - b", TOTAL, name="of an item", proves=("infra-1",))


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        ([], [PLAIN, OF_AREA, OF_ITEM]),
        (["all"], [OF_AREA, OF_ITEM]),
        (["models"], [OF_AREA]),
        (["infra-1", "models"], [OF_AREA, OF_ITEM]),
    ],
)
def test_cuts_are_chosen_by_what_they_prove(ids: list[str], chosen: list[object]) -> None:
    assert select([PLAIN, OF_AREA, OF_ITEM], [], ids) == chosen


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["evaluatoin"], "evaluatoin: no skill area and no item .* Did you mean evaluation?"),
        (["infra-8"], "infra-8: no skill area and no item of the ML Test Score"),
        (["python", "mon-7"], "no cut proves python or mon-7"),
    ],
)
def test_what_no_cut_can_prove_is_refused(ids: list[str], message: str) -> None:
    with pytest.raises(CutError, match=message):
        select([PLAIN, OF_AREA, OF_ITEM], [], ids)


@pytest.mark.parametrize(
    ("proves", "message"),
    [
        ("'python'", "sums.toml, cut 1: proves is 'python', expected ids like evaluation"),
        ("['pyton']", "sums.toml, cut 1: proves has 'pyton', no skill area and no item .* python?"),
        ("['infra-0']", "proves has 'infra-0', no skill area .* Did you mean infra-"),
    ],
)
def test_an_id_that_is_none_is_refused_where_it_stands(
    proves: str, message: str, tmp_path: Path
) -> None:
    folder = write_toy(tmp_path / "toy", [OF_ITEM]) / "tests" / "cuts"
    file = folder / "sums.toml"
    file.write_text(file.read_text("utf-8").replace("['infra-1']", proves), "utf-8")
    with pytest.raises(CutError, match=message):
        load(folder)


def test_the_list_says_what_a_cut_proves_and_only_those_asked_for_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PROJECT", write_toy(tmp_path / "toy", [PLAIN, OF_AREA, OF_ITEM]))
    monkeypatch.setattr(sys, "argv", ["sabotage", "--list", "--proves", "models"])
    assert command.main() == 0
    listed = "of an area\n    sums.py::total\n    A slip.\n    proves: evaluation, models\n"
    assert capsys.readouterr().out == listed


def test_each_skill_area_has_cuts_that_prove_that_its_tests_can_fail() -> None:
    chosen = select(load(PROJECT / "tests" / "cuts"), [], ["all"])
    counts = {area: sum(area in cut.proves for cut in chosen) for area in AREAS}
    assert {area: number for area, number in counts.items() if number < 4} == {}
    assert len(chosen) >= 60


def test_each_item_that_tests_claim_has_a_cut_that_one_of_these_tests_catches() -> None:
    cuts, claimed = load(PROJECT / "tests" / "cuts"), dict[str, list[str]]()
    for item, test in marked_tests():
        claimed.setdefault(item, []).append(test)
    proven = {
        item
        for cut in cuts
        for item in set(cut.proves) & set(claimed)
        for test in claimed[item]
        if any(belongs(named, test) or belongs(test, named) for named in cut.tests)
    }
    assert sorted(claimed.keys() - proven) == []


def marked_tests() -> Iterator[tuple[str, str]]:
    """Each item of the score, and a test or a file of tests that is marked with it."""
    for file in sorted((PROJECT / "tests").rglob("test_*.py")):
        if file.parent.name == "tools":
            continue  # tests of the score itself
        name = file.relative_to(PROJECT).as_posix()
        for node in ast.parse(file.read_bytes()).body:
            marks, test = "", name
            if isinstance(node, ast.FunctionDef):
                marks, test = (
                    " ".join(map(ast.unparse, node.decorator_list)),
                    f"{name}::{node.name}",
                )
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                marks = ast.unparse(node.value)
            for called in re.findall(r"ml_test_score\(([^)]*)\)", marks):
                yield from (
                    (item, test) for item in re.findall(r"'([^']*)'", called) if item in ITEMS
                )
