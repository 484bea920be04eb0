from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from {{ cookiecutter.package_name }}.stats import intervals

Z = 1.959963984540054
HALF: Any = 2.5


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_wilson_gives_the_published_bounds(
    successes: int, rows: int, low: float, high: float
) -> None:
    interval = intervals.wilson(successes, rows)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("rows", [1, 20, 360])
def test_wilson_of_no_or_only_successes_is_one_sided_and_has_width(rows: int) -> None:
    none, every = intervals.wilson(0, rows), intervals.wilson(rows, rows)
    assert (none.low, every.high) == pytest.approx((0, 1))
    assert none.high == pytest.approx(Z**2 / (rows + Z**2))
    assert every.low == pytest.approx(1 - none.high)


def test_wilson_covers_the_truth_as_often_as_it_says() -> None:
    shares = np.linspace(0.02, 0.98, 97)
    bounds = [intervals.wilson(successes, 100) for successes in range(101)]
    # Exact, not drawn: every outcome with its probability.
    chance = binom.pmf(np.arange(101)[:, None], 100, shares)
    covered = [[bound.low <= share <= bound.high for share in shares] for bound in bounds]
    coverage = (chance * covered).sum(axis=0)
    assert coverage.min() >= 0.90
    assert coverage.max() <= 0.99
    assert coverage.mean() == pytest.approx(0.95, abs=0.01)


def test_a_higher_level_gives_a_wider_interval() -> None:
    usual, wide = intervals.wilson(90, 100), intervals.wilson(90, 100, level=0.99)
    assert wide.low < usual.low < usual.value < usual.high < wide.high


@pytest.mark.parametrize(("successes", "rows"), [(0, 9), (7, 12), (357, 360), (1, 100000)])
@pytest.mark.parametrize("level", [0.9, 0.99])
def test_wilson_agrees_with_statsmodels(successes: int, rows: int, level: float) -> None:
    interval = intervals.wilson(successes, rows, level)
    expected = proportion_confint(successes, rows, 1 - level, method="wilson")
    assert (interval.low, interval.high) == pytest.approx(expected)


def test_without_an_error_the_error_rate_may_be_near_three_over_n() -> None:
    assert 1 - intervals.wilson(1000, 1000).low == pytest.approx(3 / 1000, rel=0.3)


def test_an_interval_becomes_plain_json_values() -> None:
    half = np.float64(0.5)
    plain = intervals.Interval(half, half / 2, half * 1.5, "Wilson", 8).as_dict()
    assert plain == {"value": 0.5, "low": 0.25, "high": 0.75, "method": "Wilson", "rows": 8}
    assert [type(entry) for entry in plain.values()] == [float, float, float, str, int]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: intervals.wilson(0, 0), "rows is 0: expected at least 1"),
        (lambda: intervals.wilson(9, 8), "successes is 9: expected at most rows, which is 8"),
        (lambda: intervals.wilson(-1, 8), "successes is -1: expected at least 0"),
        (lambda: intervals.wilson(HALF, 8), "successes is 2.5: expected a whole number"),
        (lambda: intervals.wilson(2, 8, level=95), "level is 95: expected a number between 0"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
