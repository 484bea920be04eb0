import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.metrics import roc_auc_score

from {{ cookiecutter.package_name }}.monitoring.drift import (
    FEWEST_FOR_INDEX,
    auc_interval,
    categories_shift,
    numbers_shift,
    stability_index,
)

SAMPLES = st.lists(st.floats(-5, 5), min_size=1, max_size=60)


@given(SAMPLES, SAMPLES)
@settings(deadline=None)
def test_the_distance_is_the_largest_of_the_distribution_functions(
    first: list[float], second: list[float]
) -> None:
    below = [
        abs(np.mean(np.array(first) <= end) - np.mean(np.array(second) <= end))
        for end in [*first, *second]
    ]
    assert numbers_shift(first, second).distance == pytest.approx(max(below), abs=1e-12)


def test_the_p_value_is_that_of_scipy() -> None:
    random = np.random.default_rng(4)
    for shift in (0.0, 0.1, 0.3):
        first, second = random.normal(size=3000), random.normal(shift, size=500)
        expected = ks_2samp(first, second, method="asymp").pvalue
        found = numbers_shift(first, second).p_value
        assert np.log10(found) == pytest.approx(np.log10(expected), abs=0.1)


def test_missing_values_are_a_shift_too() -> None:
    random = np.random.default_rng(0)
    reference, window = random.normal(size=(2, 400))
    window[:100] = np.nan
    assert numbers_shift(reference, window).distance > 0.2
    assert numbers_shift(reference, window).p_value < 1e-6


@pytest.mark.parametrize("rows", [100, 1000])
def test_where_nothing_has_changed_small_p_values_are_as_rare_as_they_say(rows: int) -> None:
    random = np.random.default_rng(1)
    small = [
        numbers_shift(random.normal(size=5000), random.normal(size=rows)).p_value < 0.05
        for _ in range(400)
    ]
    assert np.mean(small) < 0.08
    shares = [0.5, 0.3, 0.15, 0.04, 0.01]
    few = [
        categories_shift(random.multinomial(5000, shares), random.multinomial(rows, shares)).p_value
        < 0.05
        for _ in range(400)
    ]
    assert np.mean(few) < 0.08


def test_a_category_that_is_new_is_a_shift() -> None:
    found = categories_shift([500, 300, 0], [400, 250, 150])
    assert found.distance == pytest.approx(150 / 800)
    assert found.p_value < 1e-6
    assert categories_shift([500, 0], [200, 0]).p_value == 1


@pytest.mark.parametrize(
    ("reference", "window", "message"),
    [
        ([1, -1], [1, 1], "reference has -1.0: expected counts"),
        ([1, 1], [0, 0], "expected some rows on both sides"),
    ],
)
def test_what_are_no_counts_are_refused(
    reference: list[int], window: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        categories_shift(reference, window)


def test_the_index_is_small_without_drift_and_large_with_it() -> None:
    random = np.random.default_rng(2)
    reference = random.normal(size=5000)
    still = [stability_index(reference, random.normal(size=500)) for _ in range(100)]
    assert max(still) < 0.1
    assert stability_index(reference, random.normal(0.7, size=500)) > 0.2
    assert stability_index(np.ones(500), np.ones(500)) == pytest.approx(0, abs=1e-3)
    with pytest.raises(ValueError, match=f"window has 499 rows: .* {FEWEST_FOR_INDEX}"):
        stability_index(reference, reference[:499])


@given(SAMPLES.filter(lambda one: len(one) > 1), SAMPLES.filter(lambda one: len(one) > 1))
@settings(deadline=None)
def test_the_area_is_that_of_sklearn(first: list[float], second: list[float]) -> None:
    truth = [1] * len(first) + [0] * len(second)
    found = auc_interval(first, second)
    assert found.value == pytest.approx(roc_auc_score(truth, [*first, *second]))
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_its_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    truth = 0.7602  # of two normal distributions, one standard deviation apart
    held = 0
    for _ in range(400):
        found = auc_interval(random.normal(1, size=120), random.normal(0, size=150))
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.98
