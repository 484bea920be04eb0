"""Softmax regression beside scikit-learn's own, and among scikit-learn's other parts."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler, scale
from sklearn.utils.estimator_checks import check_estimator
from threadpoolctl import threadpool_limits

from {{ cookiecutter.package_name }}.classical.softmax import SoftmaxRegression

POINT = 0.01


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As the stage has it: two threads on busy cores wait for each other."""
    with threadpool_limits(1):
        yield


def digits() -> tuple[Any, Any]:
    features, targets = load_digits(return_X_y=True)
    return np.asarray(features) / 16, targets


def tumours() -> tuple[Any, Any]:
    features, targets = load_breast_cancer(return_X_y=True)
    return scale(features), np.array(["malignant", "benign"])[targets]


@pytest.mark.parametrize("penalty", [0.01, 1.0, 10.0])
def test_on_digits_it_is_within_half_a_point_of_scikit_learns(penalty: float) -> None:
    features, targets = digits()
    train, test = slice(0, 1200), slice(1200, None)
    ours, theirs = (
        kind(C=penalty, max_iter=1000).fit(features[train], targets[train])
        for kind in (SoftmaxRegression, LogisticRegression)
    )
    scores = [model.score(features[test], targets[test]) for model in (ours, theirs)]
    assert abs(scores[0] - scores[1]) <= 0.5 * POINT
    assert scores[0] > 0.8


@pytest.mark.parametrize("data", [digits, tumours])
@pytest.mark.parametrize("penalty", [0.1, 1.0])
def test_its_parameters_are_those_of_scikit_learns(data: Any, penalty: float) -> None:
    features, targets = data()
    ours, theirs = (
        kind(C=penalty, tol=1e-7, max_iter=5000).fit(features, targets)
        for kind in (SoftmaxRegression, LogisticRegression)
    )
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    for name in ("coef_", "intercept_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=2e-3)
    for name in ("decision_function", "predict_proba"):
        found, expected = (getattr(model, name)(features) for model in (ours, theirs))
        np.testing.assert_allclose(found, expected, atol=1e-3)
    np.testing.assert_array_equal(ours.predict(features), theirs.predict(features))


@pytest.mark.filterwarnings("ignore")
def test_it_keeps_every_rule_of_scikit_learn_for_estimators() -> None:
    check_estimator(SoftmaxRegression())


def test_numbers_of_half_the_bits_are_computed_with_in_whole_ones() -> None:
    features, targets = tumours()
    narrow = features.astype(np.float32)
    ours = SoftmaxRegression(C=100).fit(narrow, targets)
    same = SoftmaxRegression(C=100).fit(narrow.astype(np.float64), targets)
    np.testing.assert_array_equal(ours.coef_, same.coef_)
    assert ours.predict_proba(narrow).dtype == np.float64


def test_under_the_hardest_penalty_it_says_how_frequent_each_class_is() -> None:
    features = np.random.default_rng(0).normal(size=(10, 3))
    model = SoftmaxRegression(C=1e-9, tol=1e-9).fit(features, np.array([0] * 5 + [1] * 3 + [2] * 2))
    np.testing.assert_allclose(model.predict_proba(features), [[0.5, 0.3, 0.2]] * 10, atol=1e-4)


def test_a_row_twice_as_often_and_half_the_c_are_the_same_model() -> None:
    features, targets = digits()
    features, targets = features[:200], targets[:200]
    once = SoftmaxRegression(C=1.0, tol=1e-8, max_iter=1000).fit(features, targets)
    twice = SoftmaxRegression(C=0.5, tol=1e-8, max_iter=1000)
    twice.fit(np.tile(features, (2, 1)), np.tile(targets, 2))
    np.testing.assert_allclose(once.coef_, twice.coef_, atol=1e-4)


def test_classes_that_training_lacks_are_never_said() -> None:
    features = np.random.default_rng(0).normal(size=(40, 2))
    for seen in ([1, 4], [0, 3, 7]):
        targets = np.resize(seen, 40)
        model = SoftmaxRegression().fit(features, targets)
        assert model.predict_proba(features).shape == (40, len(seen))
        assert set(model.predict(features)) <= set(seen)


def test_scores_far_apart_have_probabilities_too() -> None:
    model = SoftmaxRegression().fit([[0.0], [1], [2]], [0, 1, 2])
    with np.errstate(over="raise", invalid="raise"):
        found = model.predict_proba([[-1e6], [1e6]])
    np.testing.assert_allclose(found, [[1, 0, 0], [0, 0, 1]], atol=1e-12)


def test_too_few_steps_are_told_and_the_model_predicts_all_the_same() -> None:
    features, targets = digits()
    with pytest.warns(ConvergenceWarning, match="failed to converge in 2 steps"):
        cut = SoftmaxRegression(max_iter=2).fit(features, targets)
    assert (cut.converged_, cut.n_iter_.tolist()) == (False, [2])
    assert cut.score(features, targets) > 0.5


def test_it_stands_in_pipelines_and_is_cloned_and_set_like_any_other() -> None:
    random = np.random.default_rng(0)
    targets = np.arange(60) % 3
    table = np.column_stack([random.normal(size=60) + 3 * targets, random.integers(0, 4, 60)])
    columns = make_column_transformer((StandardScaler(), [0]), (OneHotEncoder(), [1]))
    pipeline = Pipeline([("columns", columns), ("model", SoftmaxRegression())])
    chosen = clone(pipeline).set_params(model__C=7.0, columns__sparse_threshold=0)
    assert chosen.fit(table, targets).score(table, targets) > 0.8
    assert chosen[-1].get_params() == {"C": 7.0, "tol": 1e-4, "max_iter": 100}
    assert not hasattr(pipeline[-1], "coef_")


@pytest.mark.parametrize(
    ("values", "targets", "told"),
    [
        ({}, [1, 1, 1], "y has one class: expected rows of two or more"),
        ({"C": 0.0}, [0, 1, 1], r"C is 0\.0: expected more than 0"),
        ({"C": float("nan")}, [0, 1, 1], "C is nan: expected more than 0"),
        ({}, [0.5, 1.5, 2.5], "Unknown label type"),
    ],
)
def test_what_it_cannot_fit_is_refused(
    values: dict[str, Any], targets: list[float], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        SoftmaxRegression(**values).fit([[0.0], [1.0], [2.0]], targets)
