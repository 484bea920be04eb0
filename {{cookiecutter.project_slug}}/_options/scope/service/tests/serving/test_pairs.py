import re

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.serving.pairs import FIRST, MOST, Limits, Pairs

LIMITS = Limits(differs=0.1, slower=2.0)
TRIALS, REQUESTS = 400, 1_100


def tried(share: float, ratio: float, seed: int, requests: int = REQUESTS) -> tuple[str, int]:
    """How a candidate ends that differs on a share of rows, and how many requests it got."""
    random, pairs = np.random.default_rng(seed), Pairs(LIMITS)
    differs, ratios = random.random(requests) < share, ratio * random.lognormal(0, 0.5, requests)
    for other, pace in zip(differs, ratios, strict=True):
        pairs.add(["yes"], ["no" if other else "yes"], float(pace))
        problem = pairs.problem()
        if problem:
            return problem, len(pairs)
    return "", requests


def test_a_candidate_at_its_limits_is_seldom_refused_although_it_is_looked_at_again_and_again() -> (
    None
):
    refused = [tried(0.1, 2.0, seed)[0] for seed in range(TRIALS)]
    assert sum(map(bool, refused)) / TRIALS < 0.06  # 0.05 meant


@pytest.mark.parametrize(
    ("share", "ratio", "why"),
    [
        (0.3, 1.0, r"differs by 0\.\d+ on \d+ requests, for sure by more than 0\.1"),
        (0.0, 3.0, r"takes 2\.\d+ times|takes 3(\.\d+)? times"),
    ],
)
def test_one_that_is_beyond_them_is_refused_soon(share: float, ratio: float, why: str) -> None:
    found = [tried(share, ratio, seed) for seed in range(50)]
    for problem, _ in found:
        assert problem
    assert np.median([requests for _, requests in found]) <= 4 * FIRST
    assert all(re.search(why, problem) for problem, _ in found)


def test_values_differ_in_standard_deviations_of_the_predictions() -> None:
    random, pairs = np.random.default_rng(0), Pairs(LIMITS)
    for value in random.normal(1000, 50, 500).tolist():
        pairs.add([value], [value + 25], 1.0)
    assert pairs.differs.mean() == pytest.approx(0.5, rel=0.1)
    assert "for sure by more than 0.1" in pairs.problem()


def test_a_request_counts_once_whatever_its_rows() -> None:
    pairs = Pairs(LIMITS)
    pairs.add(["a"] * 1000, ["b"] * 500 + ["a"] * 500, 1.0)
    pairs.add(["a"], ["a"], 1.0)
    assert pairs.differs.tolist() == [0.5, 0.0]


def test_nothing_is_said_before_there_is_enough_to_see() -> None:
    pairs = Pairs(LIMITS)
    for _ in range(FIRST - 1):
        pairs.add(["a"], ["b"], 9.0)
        assert pairs.problem() == ""
    pairs.add(["a"], ["b"], 9.0)
    assert pairs.problem()


def test_memory_does_not_grow_for_ever() -> None:
    pairs = Pairs(LIMITS)
    for _ in range(MOST + 10):
        pairs.add([1.0], [1.0], 1.0)
    assert len(pairs) == 10
    assert len(pairs.differs) == 10
