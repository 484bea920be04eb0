from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration.correlation import (
    clustered,
    correlate,
    missing_together,
    pairwise_correlation,
    rank_correlation,
    strongest_pairs,
)


def test_rank_correlations_are_those_of_scipy() -> None:
    data = cancer()
    names = data.numbers[:6]
    found = correlate(data, names)
    expected = spearmanr(data.train.frame[names].to_numpy()).statistic
    np.testing.assert_allclose(found.to_numpy(), expected, atol=1e-12)
    assert found.index.tolist() == names


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(4, 40))
def test_missing_values_are_left_out_by_pairs_as_in_pandas(seed: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(4, rows)) + generator.normal(size=rows)
    values[generator.random(values.shape) < 0.3] = np.nan
    expected = pd.DataFrame(values.T).corr(min_periods=3).to_numpy()
    np.testing.assert_allclose(pairwise_correlation(values, values), expected, atol=1e-6)


def test_a_constant_column_has_no_correlation() -> None:
    values = np.array([[1.0, 2, 3, 4], [5, 5, 5, 5], [np.nan] * 4])
    found = rank_correlation(values, values)
    assert found[0, 0] == pytest.approx(1)
    assert np.isnan(found).sum() == 8


def test_only_training_rows_are_correlated() -> None:
    x = np.arange(20.0)
    split = np.where(x < 10, "train", "test")
    columns = {"x": x, "other": np.where(x < 10, x, -x), "word": ["a"] * 20, "y": ["a", "b"] * 10}
    found = correlate(explored(columns, split=split), ["x", "word", "other"])
    assert found.index.tolist() == ["x", "other"]
    assert found.to_numpy() == pytest.approx(1)


def test_columns_that_move_together_stand_together() -> None:
    generator = np.random.default_rng(0)
    shared = generator.normal(size=(3, 200))
    order = [0, 1, 2, 0, 1, 2, 0, 1, 2]
    values = shared[order] + generator.normal(0, 0.3, (9, 200))
    names = [f"{place}{group}" for place, group in enumerate(order)]
    found = clustered(pd.DataFrame(rank_correlation(values, values), names, names))
    groups = [name[-1] for name in found]
    assert sum(a != b for a, b in pairwise(groups)) == 2


def test_the_strongest_pairs_come_first_each_once() -> None:
    matrix = pd.DataFrame([[1, 0.5, -0.9], [0.5, 1, 0.1], [-0.9, 0.1, 1]], list("abc"), list("abc"))
    found = strongest_pairs(matrix, least=0.4, most=9)
    assert found["first"].tolist() == ["a", "a"]
    assert found["second"].tolist() == ["c", "b"]
    assert found["correlation"].tolist() == [-0.9, 0.5]
    assert len(strongest_pairs(matrix, least=0.4, most=1)) == 1


def test_columns_that_are_missing_in_the_same_rows_are_found() -> None:
    generator = np.random.default_rng(0)
    gone = generator.random(100) < 0.4
    value = generator.normal(size=100)
    columns: dict[str, Any] = {
        "first": np.where(gone, np.nan, value),
        "word": pd.Series(["k"] * 100).mask(gone).to_numpy(),
        "alone": np.where(generator.random(100) < 0.4, np.nan, value),
        "y": ["a", "b"] * 50,
    }
    found = missing_together(explored(columns), ["first", "word", "alone"])
    assert found["first"]["word"] == pytest.approx(1)
    assert abs(float(found["first"]["alone"])) < 0.3
