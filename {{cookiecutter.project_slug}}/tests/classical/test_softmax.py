"""The loss, its gradient and the way down it, against what mathematics says of them."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.classical.softmax import (
    SoftmaxRegression,
    loss_and_gradient,
)

Floats = NDArray[np.float64]
STEP = 1e-5  # of differences: their own error is about the square of it


@dataclass(frozen=True)
class Problem:
    """A few rows, and parameters anywhere."""

    features: Floats
    numbers: NDArray[np.int64]
    parameters: Floats
    penalty: float

    def at(self, parameters: Floats) -> tuple[float, Floats]:
        return loss_and_gradient(parameters, self.features, self.numbers, self.penalty)

    def slopes(self) -> Floats:
        """Central differences of the loss."""
        found = np.empty_like(self.parameters)
        for place in np.ndindex(found.shape):
            step = np.zeros_like(found)
            step[place] = STEP
            ends = self.at(self.parameters + step)[0], self.at(self.parameters - step)[0]
            found[place] = (ends[0] - ends[1]) / (2 * STEP)
        return found


@some.composite
def problems(draw: some.DrawFn) -> Problem:
    random = np.random.default_rng(draw(some.integers(0, 2**32)))
    rows, width = draw(some.integers(1, 12)), draw(some.integers(1, 5))
    classes = draw(some.integers(2, 5))
    features, numbers = random.normal(size=(rows, width)), random.integers(0, classes, rows)
    weights = random.normal(size=(classes if classes > 2 else 1, width + 1))
    return Problem(features, numbers, weights, draw(some.floats(0.01, 10)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_the_gradient_is_that_of_central_differences(problem: Problem) -> None:
    _, gradient = problem.at(problem.parameters)
    off = np.linalg.norm(gradient - problem.slopes())
    assert off <= 1e-6 * np.linalg.norm(gradient)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_loss_and_gradient_are_those_of_autograd(problem: Problem) -> None:
    parameters = torch.tensor(problem.parameters, requires_grad=True)
    scores = torch.tensor(problem.features) @ parameters[:, :-1].T + parameters[:, -1]
    if len(parameters) == 1:
        scores = torch.cat([torch.zeros_like(scores), scores], dim=1)
    own = torch.nn.functional.cross_entropy(scores, torch.tensor(problem.numbers))
    expected = own + problem.penalty / 2 * (parameters[:, :-1] ** 2).sum()
    expected.backward()
    loss, gradient = problem.at(problem.parameters)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, np.asarray(parameters.grad), rtol=1e-10, atol=1e-10)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_loss_and_gradient_are_sums_over_rows_and_classes(problem: Problem) -> None:
    weights, (rows, width) = problem.parameters, problem.features.shape
    penalty = problem.penalty / 2 * sum(w**2 for row in weights for w in row[:-1])
    loss, gradient = penalty, np.zeros_like(weights)
    for x, number in zip(problem.features, problem.numbers, strict=True):
        scores = [sum(row[k] * x[k] for k in range(width)) + row[-1] for row in weights]
        scores = [0.0, *scores] if len(scores) == 1 else scores
        total = sum(map(math.exp, scores))
        loss -= (scores[number] - math.log(total)) / rows
        for place in range(len(weights)):
            own = place + len(scores) - len(weights)  # of two classes the first has no weights
            error = (math.exp(scores[own]) / total - (own == number)) / rows
            gradient[place] += [error * one for one in [*x, 1.0]]
    gradient[:, :-1] += problem.penalty * weights[:, :-1]
    found = problem.at(problem.parameters)
    assert found[0] == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(found[1], gradient, atol=1e-10)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_without_weights_the_loss_is_that_of_a_guess(classes: int) -> None:
    features = np.random.default_rng(0).normal(size=(7, 4))
    zeros = np.zeros((classes if classes > 2 else 1, 5))
    loss, _ = loss_and_gradient(zeros, features, np.arange(7) % classes, penalty=3.0)
    assert loss == pytest.approx(math.log(classes), rel=1e-14)


def test_intercepts_have_no_penalty() -> None:
    features, numbers = np.zeros((6, 2)), np.arange(6) % 3
    parameters = np.array([[0.0, 0, 5], [0, 0, -1], [0, 0, 2]])
    free, penalised = (loss_and_gradient(parameters, features, numbers, p) for p in (0.0, 9.0))
    assert free[0] == penalised[0]
    np.testing.assert_array_equal(free[1], penalised[1])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems(), some.floats(-50, 50))
def test_scores_that_are_all_higher_change_nothing(problem: Problem, shift: float) -> None:
    if len(problem.parameters) == 1:  # the first class has the score 0
        return
    moved = problem.parameters + shift * np.eye(problem.parameters.shape[1])[-1]
    (loss, gradient), (other, others) = problem.at(problem.parameters), problem.at(moved)
    assert loss == pytest.approx(other, rel=1e-9)
    np.testing.assert_allclose(gradient, others, atol=1e-9)
    assert gradient[:, -1].sum() == pytest.approx(0, abs=1e-12)


def descended(problem: Problem, start: Floats, step: float, steps: int = 200) -> Floats:
    """Where gradient descent is after some steps."""
    parameters = start
    for _ in range(steps):
        parameters = parameters - step * problem.at(parameters)[1]
    return parameters


def test_on_a_quadratic_descent_converges_exactly_below_two_over_its_curvature() -> None:
    curvature = 0.5  # where features are 0 the loss is the penalty, and a constant
    problem = Problem(np.zeros((3, 2)), np.arange(3), np.zeros((3, 3)), curvature)
    start = np.ones((3, 3)) * [1, 1, 0]
    assert np.abs(descended(problem, start, 1.9 / curvature)).max() < 1e-6
    assert np.abs(descended(problem, start, 2.1 / curvature)).max() > 1e6


def test_near_the_optimum_descent_converges_below_two_over_the_curvature_alone() -> None:
    random = np.random.default_rng(0)
    features, numbers = random.normal(size=(60, 2)), random.integers(0, 3, 60)
    problem = Problem(features, numbers, np.zeros((3, 3)), penalty=0.1)
    optimum = descended(problem, problem.parameters, step=1.0, steps=1000)
    assert np.abs(problem.at(optimum)[1]).max() < 1e-12
    units = np.eye(9).reshape(9, 3, 3)
    ends = [[problem.at(optimum + sign * STEP * one)[1] for sign in (1, -1)] for one in units]
    hessian = np.array([(one - other).ravel() / (2 * STEP) for one, other in ends])
    curvatures, directions = np.linalg.eigh((hessian + hessian.T) / 2)
    assert curvatures[0] > -1e-9  # convex
    start = optimum + 1e-4 * directions[:, -1].reshape(3, 3)
    below, above = (descended(problem, start, k / curvatures[-1]) for k in (1.9, 2.1))
    assert np.abs(below - optimum).max() < 1e-8
    assert np.abs(above - optimum).max() > 1e-2


def test_the_fitted_parameters_are_where_nothing_slopes() -> None:
    random = np.random.default_rng(0)
    features, numbers = random.normal(size=(90, 4)), random.integers(0, 3, 90)
    model = SoftmaxRegression(C=0.5, tol=1e-9).fit(features, numbers)
    parameters = np.column_stack([model.coef_, model.intercept_])
    _, gradient = loss_and_gradient(parameters, features, numbers, penalty=1 / (0.5 * 90))
    assert np.abs(gradient).max() < 1e-7
