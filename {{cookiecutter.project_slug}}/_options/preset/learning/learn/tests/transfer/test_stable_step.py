import math

import numpy as np
import pytest
from numpy.typing import NDArray

from learn.transfer.stable_step import largest_step

Floats = NDArray[np.float64]


def alike(rows: int = 40, width: int = 6) -> Floats:
    """Features that all say nearly the same, of different sizes."""
    random = np.random.default_rng(0)
    common = random.normal(size=(rows, 1))
    return (common + 0.3 * random.normal(size=(rows, width))) * np.linspace(0.5, 2, width)


def distance(features: Floats, penalty: float, step: float, steps: int = 20_000) -> float:
    """How far from the solution descent ends that begins a little beside it."""
    rows, width = features.shape
    targets = np.random.default_rng(1).normal(size=rows)
    hessian = features.T @ features / rows + penalty * np.eye(width)
    solution = np.linalg.solve(hessian, features.T @ targets / rows)
    weights = solution + 1e-3
    for _ in range(steps):
        errors = features @ weights - targets
        weights = weights - step * (features.T @ errors / rows + penalty * weights)
        if np.abs(weights).max() > 1e6:
            return math.inf
    return float(np.abs(weights - solution).max())


@pytest.mark.parametrize("penalty", [0.0, 0.5])
def test_below_it_descent_arrives_and_above_it_descent_leads_away(penalty: float) -> None:
    features = alike()
    step = largest_step(features, penalty)
    assert distance(features, penalty, 0.99 * step) < 1e-6
    assert distance(features, penalty, 1.01 * step) == math.inf


def test_of_a_single_weight_it_is_two_over_the_curvature() -> None:
    assert largest_step(np.array([[3.0], [3.0]]), 0.0) == pytest.approx(2 / 9)
    assert largest_step(np.array([[3.0], [3.0]]), 1.0) == pytest.approx(2 / 10)


def test_rows_that_come_twice_change_nothing() -> None:
    features = alike()
    twice = largest_step(np.tile(features, (2, 1)), 0.1)
    assert twice == pytest.approx(largest_step(features, 0.1))


def test_a_feature_in_millimetres_makes_the_step_a_millionth_of_that_in_metres() -> None:
    metres = np.random.default_rng(2).normal(size=(30, 1))
    assert largest_step(1000 * metres, 0.0) == pytest.approx(largest_step(metres, 0.0) / 1e6)


def test_many_copies_of_a_feature_make_the_step_small() -> None:
    one = np.random.default_rng(3).normal(size=(30, 1))
    assert largest_step(np.tile(one, (1, 50)), 0.0) == pytest.approx(largest_step(one, 0.0) / 50)


def test_more_features_than_rows() -> None:
    wide = np.random.default_rng(4).normal(size=(5, 3000))
    few = np.linalg.eigvalsh(wide @ wide.T / 5)  # the same curvatures but for zeros
    assert largest_step(wide, 0.2) == pytest.approx(2 / (few[-1] + 0.2))
