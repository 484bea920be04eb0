from dataclasses import replace
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.gate.verdict import (
    Case,
    Difference,
    Guard,
    State,
    Verdict,
    decide,
)

pytestmark = pytest.mark.ml_test_score("infra-4")

AHEAD = Difference(0.03, 0.01, 0.05, 0.013, 0.02, 900)
BEHIND = Difference(-0.03, -0.05, -0.01, -0.047, 0.02, 900)
EVEN = Difference(0.0, -0.012, 0.012, -0.01, 0.02, 1900)
MAYBE_WORSE = Difference(-0.01, -0.03, 0.01, -0.027, 0.02, 1900)
PASSED = Guard("slices", State.passed, "3 kept")
NOT_MEASURED = Guard("latency", State.not_measured, "no champion")
CASE = Case([], 2000, 0.02, EVEN, None, [PASSED, NOT_MEASURED], None)


def verdict(**changes: Any) -> Verdict:
    return decide(replace(CASE, **changes))[0]


def guard(state: State) -> list[Guard]:
    return [PASSED, Guard("calibration", state, "log loss +0.2")]


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (AHEAD, Verdict.PROMOTE),
        (BEHIND, Verdict.REJECT),
        (EVEN, Verdict.INCONCLUSIVE),
        (replace(AHEAD, low=0.0), Verdict.INCONCLUSIVE),
        (replace(BEHIND, high=0.0), Verdict.INCONCLUSIVE),
    ],
)
def test_the_interval_decides_and_not_the_value(difference: Difference, expected: Verdict) -> None:
    assert verdict(champion=difference) is expected


def test_rows_that_answer_nothing_are_invalid_whatever_the_numbers_say() -> None:
    found, why = decide(replace(CASE, champion=AHEAD, problems=["leak", "one class"]))
    assert (found, why) == (Verdict.INVALID, "leak; one class")
    assert decide(replace(CASE, champion=AHEAD, rows=299)) == (
        Verdict.INVALID,
        "299 test rows, fewer than 300",
    )
    assert verdict(champion=AHEAD, rows=300) is Verdict.PROMOTE


def test_a_guard_that_fails_rejects_and_one_that_is_unclear_holds_up() -> None:
    assert decide(replace(CASE, champion=AHEAD, guards=guard(State.failed))) == (
        Verdict.REJECT,
        "calibration: log loss +0.2",
    )
    held_up, why = decide(replace(CASE, champion=AHEAD, guards=guard(State.unclear)))
    assert held_up is Verdict.INCONCLUSIVE
    assert "calibration" in why
    assert verdict(champion=AHEAD, guards=guard(State.not_measured)) is Verdict.PROMOTE


def test_an_equal_model_needs_a_reason_and_enough_rows() -> None:
    assert verdict(reason="faster") is Verdict.EQUIVALENT
    assert verdict(reason=None) is Verdict.INCONCLUSIVE
    assert verdict(reason="faster", rows=999) is Verdict.INCONCLUSIVE
    assert verdict(reason="faster", champion=MAYBE_WORSE) is Verdict.INCONCLUSIVE
    assert verdict(reason="faster", guards=guard(State.unclear)) is Verdict.INCONCLUSIVE


def test_an_equal_model_is_held_against_the_best_one_there_ever_was() -> None:
    assert verdict(reason="faster", anchor=EVEN) is Verdict.EQUIVALENT
    assert verdict(reason="faster", anchor=MAYBE_WORSE) is Verdict.INCONCLUSIVE
    assert verdict(champion=AHEAD, anchor=MAYBE_WORSE) is Verdict.PROMOTE


def test_an_inconclusive_verdict_says_what_would_tell() -> None:
    _, why = decide(CASE)
    assert "with a reason to change it would be EQUIVALENT" in why
    _, why = decide(replace(CASE, rows=400))
    assert "1,900 rows would show a difference of the margin" in why
    _, why = decide(replace(CASE, rows=1900))
    assert "rows would show" not in why
