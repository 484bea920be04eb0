from typing import Any

import pytest

from {{ cookiecutter.package_name }}.stats.verdict import (
    FEWEST_ROWS,
    decide,
    rows_to_be_equal,
)

AHEAD = {"low": 0.01, "high": 0.04, "p_adjusted": 0.001}
BEHIND = {"low": -0.04, "high": -0.001, "p_adjusted": 0.04}
EVEN = {"low": -0.01, "high": 0.02, "p_adjusted": 0.5}
LUCKY = BEHIND | {"p_adjusted": 0.2}


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ([AHEAD, AHEAD], "better"),
        ([AHEAD, EVEN], "no_difference"),
        ([AHEAD, BEHIND], "worse"),
    ],
)
def test_better_needs_every_other_model_beaten_and_worse_one(
    differences: list[dict[str, Any]], verdict: str
) -> None:
    named = {f"model{number}": entry for number, entry in enumerate(differences)}
    assert decide(named, "model0", FEWEST_ROWS, 0.95) == verdict
    assert decide(named, "model0", FEWEST_ROWS - 1, 0.95) == "too_few_rows"


def test_one_of_many_ahead_by_luck_is_no_defeat_but_the_best_one_ahead_is() -> None:
    found = {"best": EVEN, "lucky": LUCKY}
    assert decide(found, "best", FEWEST_ROWS, 0.95) == "no_difference"
    assert decide(found, "lucky", FEWEST_ROWS, 0.95) == "worse"


def test_a_stricter_level_needs_a_smaller_p_value() -> None:
    found = {"best": EVEN, "other": BEHIND}
    assert decide(found, "best", FEWEST_ROWS, 0.95) == "worse"
    assert decide(found, "best", FEWEST_ROWS, 0.99) == "no_difference"


@pytest.mark.parametrize(
    ("margin", "rows"), [(0.05, 1000), (0.02, 1000), (0.015, 3000), (0.01, 3000), (0.005, 12_000)]
)
def test_a_smaller_margin_needs_more_rows_to_be_equal(margin: float, rows: int) -> None:
    assert rows_to_be_equal(margin) == rows
