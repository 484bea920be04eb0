import re

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.serving import pairs as module
from {{ cookiecutter.package_name }}.serving.pairs import FIRST, MOST, Limits, Pairs

LIMITS = Limits(differs=0.1, slower=2.0)
TRIALS, REQUESTS = 400, 1_100


def tried(share: float, ratio: float, seed: int, *, values: bool = False) -> tuple[str, int]:
    """How a candidate ends, and how many requests it got.

    Args:
        share: of requests with another class; of values: by how many standard deviations.
        ratio: of seconds.
        seed: of the requests.
        values: whether numbers are predicted.
    """
    random, pairs = np.random.default_rng(seed), Pairs(LIMITS, 50.0 if values else 1.0)
    ratios = ratio * random.lognormal(0, 0.5, REQUESTS)
    ours: list[list[object]] = [["yes"]] * REQUESTS
    theirs: list[list[object]] = [["no" if d else "yes"] for d in random.random(REQUESTS) < share]
    if values:
        truth = random.lognormal(3, 1, REQUESTS)
        ours = [[value] for value in truth.tolist()]
        theirs = [[v] for v in (truth + 50 * share * random.exponential(1, REQUESTS)).tolist()]
    for one, other, pace in zip(ours, theirs, ratios.tolist(), strict=True):
        pairs.add(one, other, pace)
        problem = pairs.problem()
        if problem:
            return problem, len(pairs)
    return "", REQUESTS


@pytest.mark.slow
@pytest.mark.parametrize("values", [False, True], ids=["classes", "values"])
def test_a_candidate_at_its_limits_is_seldom_refused_however_often_it_is_looked_at(
    values: bool,
) -> None:
    refused = [tried(0.1, 2.0, seed, values=values)[0] for seed in range(TRIALS)]
    assert sum(map(bool, refused)) / TRIALS < 0.06  # 0.05 meant


@pytest.mark.parametrize("values", [False, True], ids=["classes", "values"])
@pytest.mark.parametrize(
    ("share", "ratio", "why"),
    [
        (0.3, 1.0, r"differs by 0\.\d+ on \d+ requests, for sure by more than 0\.1"),
        (0.0, 3.0, r"takes [23](\.\d+)? times"),
    ],
)
@pytest.mark.ml_test_score("infra-6")
def test_one_that_is_beyond_them_is_refused_soon(
    share: float, ratio: float, why: str, values: bool
) -> None:
    found = [tried(share, ratio, seed, values=values) for seed in range(50)]
    assert all(re.search(why, problem) for problem, _ in found)
    assert np.median([requests for _, requests in found]) <= 4 * FIRST


@pytest.mark.slow
@pytest.mark.ml_test_score("infra-6")
def test_what_was_spent_of_the_level_stays_spent_when_counting_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST", FIRST)
    refused = [tried(0.1, 2.0, seed)[0] for seed in range(TRIALS)]  # seventeen times anew
    assert sum(map(bool, refused)) / TRIALS < 0.06


@pytest.mark.ml_test_score("infra-6")
def test_the_same_request_again_and_again_is_no_problem() -> None:
    pairs = Pairs(LIMITS, scale=50.0)
    for _ in range(4 * FIRST):
        pairs.add([1000.0], [1000.1], 1.0)
        assert pairs.problem() == ""
    assert pairs.about["differs"] == pytest.approx(0.1 / 50)


@pytest.mark.ml_test_score("infra-6")
def test_a_request_counts_once_whatever_its_rows() -> None:
    pairs = Pairs(LIMITS)
    pairs.add(["a"] * 1000, ["b"] * 500 + ["a"] * 500, 1.0)
    pairs.add(["a"], ["a"], 1.0)
    assert pairs.about == {"pairs": 2, "differs": 0.25, "slower": 1.0}


@pytest.mark.ml_test_score("infra-6")
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
