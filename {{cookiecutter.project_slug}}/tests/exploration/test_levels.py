from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_to_explore import explored

from {{ cookiecutter.package_name }}.exploration import levels

NUMBERS = st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(NUMBERS, st.integers(2, 10))
def test_bins_keep_the_order_keep_equal_values_together_and_lose_no_row(
    values: list[float], bins: int
) -> None:
    found = levels.levels_of(pd.Series(values, dtype=np.float64), bins)
    assert len(found.codes) == len(values)
    assert found.counts.min() > 0
    known = np.isfinite(values)
    order = np.argsort(np.array(values)[known], kind="stable")
    ordered, codes = np.array(values)[known][order], found.codes[known][order]
    assert (np.diff(codes) >= 0).all()
    assert (np.diff(codes)[np.diff(ordered) == 0] == 0).all()
    assert {found.names[code] for code in found.codes[~known]} <= {"missing"}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(NUMBERS)
def test_quantiles_are_those_of_numpy_without_the_missing(values: list[float]) -> None:
    points = [0.0, 0.1, 0.25, 0.5, 0.7, 0.99, 1.0]
    known = [value for value in values if not np.isnan(value)]
    found = levels.quantiles(np.array([values]), points)[0]
    if known:
        assert found.tolist() == np.quantile(known, points, method="inverted_cdf").tolist()
    else:
        assert np.isnan(found).all()


def test_bins_of_distinct_values_are_of_equal_counts_and_named_by_what_they_hold() -> None:
    found = levels.levels_of(pd.Series(np.arange(10.0)), 5)
    assert found.counts.tolist() == [2] * 5
    assert found.names == ["0 to 1", "2 to 3", "4 to 5", "6 to 7", "8 to 9"]


def test_a_bin_of_one_value_is_named_by_it_and_missing_is_the_last_level() -> None:
    found = levels.levels_of(pd.Series([0, 0, 0, 1, np.nan, np.inf]), 5)
    assert dict(zip(found.names, found.counts, strict=True)) == {"0": 3, "1": 1, "missing": 2}
    assert found.names[-1] == "missing"


def test_rare_values_are_taken_together_and_the_rest_ordered_by_frequency() -> None:
    column = pd.Series(["b"] * 3 + ["a"] * 3 + ["c", "d", "e", None])
    found = levels.levels_of(column, 1, most=2)
    assert found.names == ["a", "b", "other (3 values)", "missing"]
    assert found.counts.tolist() == [3, 3, 3, 1]
    assert levels.levels_of(column, 1, most=4).names == ["a", "b", "c", "d", "e", "missing"]


def test_classes_keep_their_own_order() -> None:
    sizes = pd.Categorical(["small", "large", "large"], ["small", "large", "huge"])
    assert levels.target_levels(explored({"y": sizes}), 1).names == ["small", "large"]
    many = explored({"y": list("zyyxxxw")})
    assert levels.target_levels(many, 1).names == ["w", "x", "y", "z"]
    assert levels.target_levels(many, 1, most=1).names == ["x", "other (3 values)"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (3.14159, "3.142"),
        (-1500.4, "-1,500"),
        (1234567, "1,234,567"),
        (1e12, "1e12"),
        (0.000123456, "0.0001235"),
        (-5e-9, "-5e-9"),
        (np.nan, "-"),
    ],
)
def test_numbers_are_written_with_the_digits_that_count(number: float, text: str) -> None:
    assert levels.as_text(number) == text


def test_tables_count_each_pair_of_levels() -> None:
    codes: Any = np.array([[0, 1, 1, 2], [2, 2, 2, 2]])
    found = levels.count_tables(codes, 3, np.array([0, 1, 1, 0]), 2)
    assert found.tolist() == [[[1, 0], [0, 2], [1, 0]], [[0, 0], [0, 0], [2, 2]]]
