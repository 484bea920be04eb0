from collections.abc import Callable

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from {{ cookiecutter.package_name }}.stats import paired, power


@pytest.mark.parametrize(
    ("difference", "disagreement", "rows"),
    [
        (0.005, 0.02, 6277),
        (0.01, 0.05, 3923),
        (0.02, 0.1, 1960),
        (0.03, 0.05, 434),
        (0.05, 0.2, 626),
    ],
)
def test_rows_for_a_difference_are_those_of_connors_formula(
    difference: float, disagreement: float, rows: int
) -> None:
    assert power.rows_for_difference(difference, disagreement) == pytest.approx(rows, abs=1)


def test_at_these_rows_the_paired_test_finds_the_difference_as_often_as_promised() -> None:
    rows = power.rows_for_difference(0.03, 0.08)
    counts = np.random.default_rng(0).multinomial(rows, [0.055, 0.025, 0.92], size=1500)
    found = [paired.mcnemar_mid_p(int(gained), int(lost)) <= 0.05 for gained, lost, _ in counts]
    assert np.mean(found) == pytest.approx(0.8, abs=0.04)


def test_rows_for_a_mean_agree_with_statsmodels() -> None:
    rows = power.rows_for_mean_difference(0.1, deviation=0.8)
    expected = TTestPower().solve_power(effect_size=0.1 / 0.8, alpha=0.05, power=0.8)
    assert rows == pytest.approx(expected, rel=0.01)


def test_a_narrower_interval_needs_rows_as_the_formula_for_means_says() -> None:
    rows, deviation = 500, 0.8
    half_width = 1.96 * deviation / rows**0.5
    expected = power.rows_for_mean_difference(0.05, deviation)
    assert power.rows_for_narrower(rows, half_width, 0.05) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("rows", [400, 1960, 20_000])
def test_the_difference_that_can_be_seen_is_the_other_way_round(rows: int) -> None:
    difference = power.detectable_difference(rows, 0.1)
    assert power.rows_for_difference(difference, 0.1) <= rows
    assert power.rows_for_difference(0.99 * difference, 0.1) > rows


def test_nothing_smaller_than_all_disagreement_can_be_seen_on_few_rows() -> None:
    assert power.detectable_difference(5, 0.1) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power.rows_for_difference(0.1, 0.1), "disagreement is 0.1: expected more than"),
        (lambda: power.rows_for_difference(0.1, 0.2, power=1), "level is 1: expected a number"),
        (lambda: power.rows_for_mean_difference(0, 1), "difference 0, deviation 1: expected both"),
        (lambda: power.rows_for_narrower(9, 0, 0.1), "difference 0.1, half_width 0: expected both"),
        (lambda: power.detectable_difference(0, 0.1), "rows is 0: expected at least 1"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
