import numpy as np
import pytest
from toy_runs import HOW, classifiers, regressors

from {{ cookiecutter.package_name }}.experiments.conclusion import (
    Limits,
    decide,
    rows_needed,
)
from {{ cookiecutter.package_name }}.stats.intervals import Interval
from {{ cookiecutter.package_name }}.stats.power import (
    rows_for_difference,
    rows_for_mean_difference,
)

POINTS = Limits(seeds=5, margin=0.02, unit=1.0)
OF_ERROR = Limits(seeds=5, margin=0.02, unit=50.0)  # of an error of 50: 1


def ahead(low: float, high: float, rows: int = 1000) -> Interval:
    return Interval((low + high) / 2, low, high, "by hand", rows)


@pytest.mark.parametrize(
    ("found", "limits", "verdict"),
    [
        (ahead(0.001, 0.03), POINTS, "better"),
        (ahead(-0.03, -0.001), POINTS, "worse"),
        (ahead(-0.019, 0.019), POINTS, "equivalent"),
        (ahead(-0.021, 0.019), POINTS, "inconclusive"),
        (ahead(-0.019, 0.021), POINTS, "inconclusive"),
        (ahead(-0.019, 0.019, rows=999), POINTS, "inconclusive"),
        (ahead(-0.009, 0.009, rows=2999), Limits(5, 0.01, 1.0), "inconclusive"),
        (ahead(-0.009, 0.009, rows=3000), Limits(5, 0.01, 1.0), "equivalent"),
        (ahead(0.001, 0.019), POINTS, "better"),  # less than matters, and yet for sure
        (ahead(0.1, 3.0), OF_ERROR, "better"),
        (ahead(-0.9, 0.9), OF_ERROR, "equivalent"),
        (ahead(-1.1, 0.9), OF_ERROR, "inconclusive"),
    ],
)
def test_the_whole_interval_decides(found: Interval, limits: Limits, verdict: str) -> None:
    assert decide(found, 5, limits) == (verdict, "")


@pytest.mark.parametrize(
    ("rows", "seeds", "limits", "why"),
    [
        (299, 5, POINTS, "299 rows, fewer than 300"),
        (1000, 9, Limits(10, 0.02, 1.0), "9 seeds, 10 planned"),
        (1000, 4, Limits(4, 0.02, 1.0), "4 seeds, fewer than 5"),
    ],
)
def test_too_little_is_described_however_large_the_difference(
    rows: int, seeds: int, limits: Limits, why: str
) -> None:
    assert decide(ahead(0.1, 0.2, rows), seeds, limits) == ("descriptive", why)


def test_the_rows_needed_follow_from_how_often_the_two_disagree() -> None:
    pairs = classifiers(0.8, 0.85, 1000)
    disagreement = float(np.mean([np.abs(pair.ahead).mean() for pair in pairs]))
    assert rows_needed(pairs, POINTS, HOW) == rows_for_difference(0.02, disagreement)


def test_the_rows_needed_of_values_follow_from_how_far_single_rows_differ() -> None:
    pairs = regressors(1.0, 0.9, 1000)
    spread = float(np.mean([pair.ahead.std() for pair in pairs]))
    limits = Limits(5, 0.02, 1.5)
    assert rows_needed(pairs, limits, HOW) == rows_for_mean_difference(0.03, spread)
    same = [type(pair)(pair.first, pair.first) for pair in pairs]
    assert rows_needed(same, limits, HOW) is None
