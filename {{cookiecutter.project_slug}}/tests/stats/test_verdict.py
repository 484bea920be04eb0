from typing import Any

import pytest

from {{ cookiecutter.package_name }}.stats.verdict import FEWEST_ROWS, decide

AHEAD = {"low": 0.01, "high": 0.04, "p_value": 0.001}
BEHIND = {"low": -0.04, "high": -0.001, "p_value": 0.04}
EVEN = {"low": -0.01, "high": 0.02, "p_value": 0.5}


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ([AHEAD, AHEAD], "better"),
        ([AHEAD, EVEN], "no_difference"),
        ([AHEAD, {**BEHIND, "p_value": 0.001}], "worse"),
    ],
)
def test_better_needs_every_other_model_beaten_and_worse_one(
    differences: list[dict[str, Any]], verdict: str
) -> None:
    assert decide(differences, FEWEST_ROWS, 0.95) == verdict
    assert decide(differences, FEWEST_ROWS - 1, 0.95) == "too_few_rows"


def test_one_of_many_ahead_by_luck_is_no_defeat() -> None:
    assert decide([BEHIND], FEWEST_ROWS, 0.95) == "worse"
    assert decide([BEHIND, *[EVEN] * 4], FEWEST_ROWS, 0.95) == "no_difference"
    assert decide([BEHIND], FEWEST_ROWS, 0.99) == "no_difference"
