import numpy as np
import pytest
from scipy.stats import binom

from {{ cookiecutter.package_name }}.efficiency.quantiles import (
    SHARES,
    fewest_values,
    interval_ranks,
    latency,
    order_statistics,
)

PROCESSES, CALLS = 10, 1000


def test_ranks_are_those_of_the_tables() -> None:
    # Conover, Practical Nonparametric Statistics, table A3: the median of 10 and of 20 values.
    assert interval_ranks(10, 0.5) == (2, 9)
    assert interval_ranks(20, 0.5) == (6, 15)


@pytest.mark.parametrize(("rows", "share"), [(10, 0.5), (100, 0.95), (400, 0.99), (2000, 0.5)])
def test_between_the_ranks_lies_the_quantile_as_often_as_it_says(rows: int, share: float) -> None:
    ranks = interval_ranks(rows, share)
    assert ranks is not None
    low, high = ranks
    # Exact: the quantile lies between them when so many values lie below it.
    chance = binom.cdf(high - 1, rows, share) - binom.cdf(low - 1, rows, share)
    assert 0.95 <= chance <= 0.99
    narrower = binom.cdf(high - 2, rows, share) - binom.cdf(low, rows, share)
    assert narrower < 0.95


def test_an_interval_exists_from_so_many_values_on() -> None:
    assert [fewest_values(share) for share in SHARES.values()] == [6, 72, 368]
    assert interval_ranks(71, 0.95) is None
    assert interval_ranks(5, 0.5) is None


def test_the_interval_is_made_of_the_values_themselves() -> None:
    found = order_statistics([3.0, 1.0, 2.0, 5.0, 4.0, 9.0, 6.0, 8.0, 7.0, 10.0])
    assert (found["value"], found["low"], found["high"], found["rows"]) == (5.5, 2.0, 9.0, 10)
    assert "why" not in found


def test_too_few_values_have_no_interval_and_it_is_said_why() -> None:
    found = order_statistics([4.0, 1.0, 2.0])
    assert (found["value"], found["low"], found["high"]) == (2.0, None, None)
    assert found["why"] == "an interval needs 6 processes"
    found = order_statistics(np.arange(367.0), 0.99, of="calls")
    assert (found["low"], found["why"]) == (None, "an interval needs 368 calls")


@pytest.mark.slow
def test_the_quantile_of_a_typical_process_is_held_as_often_as_it_says() -> None:
    truth = dict(zip(SHARES, -np.log(1 - np.array(list(SHARES.values()))), strict=True))
    found = [latency(simulated(0.2, seed)) for seed in range(300)]
    for name, value in truth.items():
        held = np.mean([one[name]["low"] <= value <= one[name]["high"] for one in found])
        assert 0.95 <= held <= 1.0
    pooled = [one["p50"]["pooled"] for one in found]
    assert np.mean([one["low"] <= truth["p50"] <= one["high"] for one in pooled]) < 0.6


@pytest.mark.slow
def test_where_processes_do_not_differ_their_calls_may_be_pooled() -> None:
    truth = float(np.log(20))
    pooled = [latency(simulated(0.0, seed))["p95"]["pooled"] for seed in range(300)]
    assert 0.92 <= np.mean([one["low"] <= truth <= one["high"] for one in pooled]) <= 0.98
    assert pooled[0]["rows"] == PROCESSES * CALLS


def simulated(differences: float, seed: int) -> np.ndarray:
    """Exponential times of calls in processes that are, by chance, faster or slower."""
    random = np.random.default_rng(seed)
    pace = random.lognormal(0, differences, size=(PROCESSES, 1))
    return pace * random.exponential(size=(PROCESSES, CALLS))
