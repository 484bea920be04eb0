import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from {{ cookiecutter.package_name }}.stats import runs


def test_paired_t_agrees_with_scipy() -> None:
    differences = [0.011, 0.004, 0.009, -0.001, 0.006]
    interval = runs.paired_t(differences)
    expected = ttest_1samp(differences, 0).confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))
    assert (interval.value, interval.rows) == (pytest.approx(0.0058), 5)


def test_paired_t_of_five_equal_differences_has_no_width() -> None:
    interval = runs.paired_t([0.5] * 5)
    assert interval.low == interval.value == interval.high == 0.5


def test_runs_that_agree_leave_the_rows_to_decide_and_the_other_way_round() -> None:
    row = np.random.default_rng(0).normal(size=200)
    of_rows = runs.crossed_bootstrap(np.tile(row, (4, 1)))
    half = 1.96 * row.std() / math.sqrt(200)
    assert of_rows.high - of_rows.low == pytest.approx(2 * half, rel=0.1)
    of_runs = runs.crossed_bootstrap(np.repeat([[0.0], [1.0]], 300, axis=1))
    assert (of_runs.low, of_runs.value, of_runs.high) == (0, 0.5, 1)


def test_a_run_that_is_ahead_counts_one_and_a_tie_half() -> None:
    chance = runs.probability_of_improvement([0.2, 0.1, 0.0, -0.3])
    assert (chance.value, chance.rows) == (0.625, 4)
    assert chance.low < 0.625 < chance.high
    always = runs.probability_of_improvement([0.1] * 5)
    assert (always.low, always.high) == (1, 1)


@pytest.mark.parametrize(
    ("differences", "improvement"),
    [
        ([0.1] * 5, True),
        ([0.1, 0.2, 0.1, 0.3, -0.1], False),  # four of five: may still be luck
        ([0.1] * 9 + [-0.1], True),
        ([0.1, 0.2, 0.1, -0.3, -0.1], False),
        ([0.1, -0.1] * 50 + [0.1] * 40, False),  # for sure ahead, and too seldom
    ],
)
def test_an_improvement_is_no_luck_and_frequent(
    differences: list[float], improvement: bool
) -> None:
    assert runs.is_improvement(runs.probability_of_improvement(differences)) == improvement


def test_equal_procedures_are_called_an_improvement_seldom() -> None:
    random = np.random.default_rng(0)
    for number, most in ((10, 0.08), (29, 0.05)):
        trials = random.normal(size=(400, number))
        found = [
            runs.is_improvement(runs.probability_of_improvement(one, resamples=500))
            for one in trials
        ]
        assert np.mean(found) <= most


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: runs.paired_t([0.1]), r"differences has shape \(1,\): expected \(n,\)"),
        (lambda: runs.paired_t([0.1, math.inf]), r"differences\[1\] is inf: expected finite"),
        (lambda: runs.probability_of_improvement([1.0]), r"differences has shape \(1,\)"),
        (lambda: runs.crossed_bootstrap([1.0]), r"values has shape \(1,\): expected \(n, c\)"),
        (lambda: runs.crossed_bootstrap([[1.0]], resamples=9), "resamples is 9: expected at"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
