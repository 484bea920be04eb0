import numpy as np
import pytest
from scipy.stats import binom

from {{ cookiecutter.package_name }}.efficiency.quantiles import (
    SHARES,
    Ranks,
    fewest_values,
    interval_ranks,
    over_processes,
    ratio_over_pairs,
)


def test_ranks_are_those_of_the_tables() -> None:
    # Conover, Practical Nonparametric Statistics, table A3: the median of 10 and of 20 values.
    assert interval_ranks(10, 0.5) == Ranks(2, 9)
    assert interval_ranks(20, 0.5) == Ranks(6, 15)


@pytest.mark.parametrize(("rows", "share"), [(10, 0.5), (100, 0.95), (400, 0.99), (2000, 0.5)])
def test_between_the_ranks_lies_the_quantile_as_often_as_it_says(rows: int, share: float) -> None:
    ranks = interval_ranks(rows, share)
    assert ranks.low is not None
    assert ranks.high is not None
    # Exact: the quantile lies between them when so many values lie below it.
    chance = binom.cdf(ranks.high - 1, rows, share) - binom.cdf(ranks.low - 1, rows, share)
    assert 0.95 <= chance <= 0.99


def test_an_interval_exists_from_so_many_values_on() -> None:
    assert [fewest_values(share) for share in SHARES.values()] == [6, 72, 368]
    assert interval_ranks(71, 0.95).high is None
    assert interval_ranks(5, 0.5) == Ranks(None, None)


def test_processes_are_counted_and_not_their_calls() -> None:
    found = over_processes([3.0, 1.0, 2.0, 5.0, 4.0, 9.0, 6.0, 8.0, 7.0, 10.0])
    assert (found.value, found.low, found.high, found.rows) == (5.5, 2.0, 9.0, 10)
    few = over_processes([1.0, 2.0, 4.0])
    assert (few.low, few.value, few.high, few.method) == (1, 2, 4, "least and largest process")


def test_the_median_over_processes_is_held_as_often_as_it_says() -> None:
    samples = np.random.default_rng(0).lognormal(size=(1000, 10))
    held = [found.low <= 1 <= found.high for found in map(over_processes, samples)]
    assert 0.95 <= np.mean(held) <= 0.99


def times(factor: float, seed: int, processes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Two models in turn on a machine whose speed wanders, the first slower by ``factor``."""
    random = np.random.default_rng(seed)
    machine = random.lognormal(0, 0.3, processes)
    first, second = random.lognormal(0, 0.05, (2, processes)) * machine
    return factor * first, second


def test_a_slower_model_is_found_although_the_machine_wanders() -> None:
    found = [ratio_over_pairs(*times(1.3, seed)) for seed in range(100)]
    assert np.mean([ratio.low > 1.1 for ratio in found]) > 0.95
    assert np.median([ratio.value for ratio in found]) == pytest.approx(1.3, abs=0.02)


def test_models_of_equal_speed_are_told_apart_seldom() -> None:
    found = [ratio_over_pairs(*times(1.0, seed)) for seed in range(200)]
    assert np.mean([ratio.low > 1.1 for ratio in found]) == 0
    assert np.mean([ratio.low > 1.0 for ratio in found]) <= 0.08


def test_twice_as_slow_and_twice_as_fast_cancel_out() -> None:
    ratio = ratio_over_pairs(np.array([2.0, 1.0]), np.array([1.0, 2.0]))
    assert ratio.value == pytest.approx(1)
