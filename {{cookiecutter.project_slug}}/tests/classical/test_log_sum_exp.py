import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.special import logsumexp

from {{ cookiecutter.package_name }}.classical.softmax import log_sum_exp


@pytest.mark.parametrize("scores", [[1000.0, 999], [-1000, -1001], [1000, -1000], [3e6, 3e6]])
def test_log_sum_exp_holds_where_the_naive_one_overflows_or_underflows(
    scores: list[float],
) -> None:
    row = np.array([scores])
    with warnings.catch_warnings(action="ignore"):
        assert not np.isfinite(np.log(np.exp(row).sum(axis=1))).all()
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = log_sum_exp(row)
    assert found == pytest.approx(logsumexp(row, axis=1), rel=1e-15)


def test_log_sum_exp_takes_out_the_largest_score_of_each_row() -> None:
    far = np.array([[800.0, 801], [-800, -801]])
    np.testing.assert_allclose(log_sum_exp(far), logsumexp(far, axis=1), rtol=1e-14)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.lists(some.floats(-700, 700), min_size=1, max_size=6), some.floats(-1e4, 1e4))
def test_log_sum_exp_moves_with_its_scores_and_is_near_the_largest(
    scores: list[float], shift: float
) -> None:
    row = np.array([scores])
    found = log_sum_exp(row)[0]
    assert max(scores) <= found <= max(scores) + math.log(len(scores)) + 1e-12
    assert log_sum_exp(row + shift)[0] == pytest.approx(found + shift, rel=1e-11, abs=1e-9)
