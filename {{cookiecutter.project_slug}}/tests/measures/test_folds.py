import numpy as np
import pytest

from {{ cookiecutter.package_name }}.measures.folds import compare_folds
from {{ cookiecutter.package_name }}.measures.folds import test_share_of as share_of
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.stats.runs import corrected_t, corrected_t_p


def test_the_interval_is_that_of_the_folds_means() -> None:
    ahead, fold = np.array([1, 0, 0, 1, 1, 1, 0, 0.0]), np.array([0, 0, 1, 1, 2, 2, 3, 3])
    found = compare_folds(ahead, fold, 0.25, 0.9)
    expected = corrected_t([0.5, 0.5, 1.0, 0.0], 0.25, 0.9)
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))
    assert found["p_value"] == pytest.approx(corrected_t_p([0.5, 0.5, 1.0, 0.0], 0.25))
    assert (found["value"], found["rows"]) == (0.5, 8)


def test_the_order_of_rows_and_the_numbers_of_folds_do_not_matter() -> None:
    generator = np.random.default_rng(0)
    ahead, fold = generator.normal(size=90), np.arange(90) % 3
    order = generator.permutation(90)
    first = compare_folds(ahead, fold, 0.25, 0.95)
    again = compare_folds(ahead[order], 7 + 2 * fold[order], 0.25, 0.95)
    for name in ("value", "low", "high", "p_value"):
        assert first[name] == pytest.approx(again[name])


def test_folds_that_disagree_leave_more_doubt_than_folds_that_agree() -> None:
    fold = np.arange(100) // 20
    agreeing = np.tile([1.0, 0.0], 50)
    disagreeing = np.where(fold < 3, agreeing * 5 / 3, 0.0)
    sure, unsure = (compare_folds(ahead, fold, 0.25, 0.95) for ahead in (agreeing, disagreeing))
    assert sure["value"] == pytest.approx(unsure["value"])
    assert sure["high"] - sure["low"] < 0.01
    assert unsure["low"] < 0 < unsure["high"]


def table(folds: list[int]) -> Predictions:
    rows = len(folds)
    values = np.zeros(rows)
    return Predictions([f"{row}" for row in range(rows)], [], values, values, np.array(folds))


def test_rows_that_stop_a_training_are_not_trained_on() -> None:
    test = table([0] * 5 + [1] * 5)  # each fold's network is trained on 5 - 2 and 5 - 1 rows
    assert share_of(test, table([0, 0, 1])) == pytest.approx((5 / 3 + 5 / 4) / 2)
    whole = Predictions(["a"], [], np.zeros(1), np.zeros(1))
    assert share_of(whole, whole) == 0
