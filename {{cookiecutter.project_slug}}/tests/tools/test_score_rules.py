from collections.abc import Mapping

import pytest
from project_tools.score import scoring
from project_tools.score.catalogue import ITEMS, SECTIONS, SERVICE, Item
from project_tools.score.marks import Mark
from project_tools.score.scoring import Shown

GATE = Item("infra-4", "Quality is checked", "mend it")
CANARY = Item("infra-6", "A part of the traffic", "real traffic", most=0.5)
ONE, TWO = "tests/test_a.py::test_one", "tests/test_a.py::test_two"
BOTH = [Mark(ONE, "infra-4"), Mark(TWO, "infra-4"), Mark(TWO, "infra-7")]
NO = Shown(False, "")
YES = Shown(True, "2 tests")
RECORD = Shown(True, "docs/evidence/some.md, until 2027-01-31")


def test_there_are_seven_items_in_each_of_four_sections() -> None:
    assert len({item.name for item in ITEMS}) == 28
    for section in SECTIONS:
        names = [item.name for item in ITEMS if item.section == section]
        assert names == [f"{section}-{number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("outcomes", "holds"),
    [
        ({ONE: "passed", TWO: "passed"}, True),
        ({ONE: "passed", TWO: "failed"}, False),
        ({ONE: "passed", TWO: "skipped"}, False),
        ({ONE: "passed", TWO: "xfail"}, False),
        ({ONE: "passed", TWO: "deselected"}, False),
        ({ONE: "passed"}, False),
        ({}, False),
    ],
)
def test_an_item_is_shown_only_if_all_of_its_tests_ran_and_passed(
    outcomes: Mapping[str, str], holds: bool
) -> None:
    found = scoring.by_tests(GATE, BOTH, outcomes, example=True)
    assert found.holds is holds
    assert found.told == "2 tests" or "test_a.py::test_two" in found.told


def test_an_item_without_a_test_is_not_shown() -> None:
    assert scoring.by_tests(CANARY, BOTH, {ONE: "passed", TWO: "passed"}, example=True) == Shown(
        False, "no test has its mark"
    )


def test_what_is_shown_of_the_example_is_nothing_for_other_data() -> None:
    marks = [Mark(ONE, "infra-4"), Mark(TWO, "infra-4", "demo")]
    outcomes = {ONE: "passed", TWO: "passed"}
    assert scoring.by_tests(GATE, marks, outcomes, example=True).holds
    other = scoring.by_tests(GATE, marks, outcomes, example=False)
    assert other == Shown(False, "about the example's data: test_a.py::test_two")


@pytest.mark.parametrize(
    ("item", "tests", "record", "repeated", "now", "projected"),
    [
        (GATE, YES, NO, False, 0.5, 1.0),  # somebody ran them
        (GATE, YES, NO, True, 1.0, 1.0),  # a schedule did
        (GATE, NO, NO, True, 0.0, 0.0),
        (GATE, NO, RECORD, False, 0.5, 0.5),  # done by hand and written down
        (GATE, NO, RECORD, True, 0.5, 0.5),  # which no schedule makes more
        (GATE, YES, RECORD, False, 0.5, 1.0),  # the better of the two, and not their sum
        (CANARY, YES, NO, True, 0.5, 0.5),  # what tests cannot show
        (CANARY, YES, RECORD, True, 0.5, 0.5),
    ],
)
def test_points_follow_from_who_ran_the_tests_and_what_is_written(
    item: Item, tests: Shown, record: Shown, repeated: bool, now: float, projected: float
) -> None:
    line = scoring.line_of(item, tests, record, repeated=repeated)
    assert (line.now, line.projected) == (now, projected)
    assert bool(line.advice) is (projected < 1)


def test_an_item_of_a_part_that_is_not_there_is_worth_nothing_and_says_how_to_get_it() -> None:
    line = scoring.without(Item("mon-3", "the same", "", part=SERVICE), SERVICE)
    assert (line.now, line.projected) == (0, 0)
    assert "answer `scope`: service" in line.told


def test_the_score_is_the_smallest_section() -> None:
    points = {item.name: 1.0 for item in ITEMS} | {"data-2": 0.0, "data-3": 0.5, "mon-1": 0.5}
    sums = scoring.sections(points)
    assert sums == {"data": 5.5, "model": 7, "infra": 7, "mon": 6.5}
    assert scoring.weakest(sums) == "data"
    assert scoring.sections({}) == dict.fromkeys(SECTIONS, 0.0)


@pytest.mark.parametrize(
    ("score", "begins"),
    [
        (0, "more of a research project"),
        (0.5, "not totally untested"),
        (1, "not totally untested"),
        (1.5, "a first pass"),
        (2, "a first pass"),
        (2.5, "reasonably tested"),
        (3, "reasonably tested"),
        (3.5, "strong levels"),
        (5, "strong levels"),
        (5.5, "exceptional levels"),
        (7, "exceptional levels"),
    ],
)
def test_bands_are_those_of_the_paper_of_2017(score: float, begins: str) -> None:
    assert scoring.band(score).startswith(begins)
