import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.schema import Feature, Statistics
from {{ cookiecutter.package_name }}.table.encoding import (
    LARGEST,
    blurred,
    key_of,
    matrix_of,
)

pytestmark = pytest.mark.ml_test_score("data-7")

KNOWN = "7597361538422656392"  # the hash of 1.5 and "x"
FEATURES = [Feature("^x.*$", None), Feature("*", None), Feature("col()", ["a", "b"])]


def matrix(rows: pl.DataFrame) -> list[list[float]]:
    return matrix_of(rows, FEATURES).tolist()


def test_names_that_polars_reads_as_patterns_are_names() -> None:
    rows = pl.DataFrame({"^x.*$": [1.0], "*": [2.0], "col()": ["b"], "x1": [9.0]})
    assert matrix(rows) == [[1, 2, 2]]


def test_missing_numbers_are_nan_and_missing_or_new_categories_are_zero() -> None:
    rows = pl.DataFrame({"^x.*$": [None, 1.0], "*": [1e300, -1e300], "col()": [None, "z"]})
    found = matrix_of(rows, FEATURES)
    assert np.isnan(found[0, 0])
    assert np.isfinite(found[:, 1]).all()
    assert found[:, 2].tolist() == [0, 0]


def test_a_table_without_features_has_rows_all_the_same() -> None:
    assert matrix_of(pl.DataFrame({"a": [1, 2]}), []).shape == (2, 0)


def test_rows_are_told_apart_by_content_and_not_by_place() -> None:
    rows = pl.DataFrame({"a": [1.0, 2.0, 1.0], "b": ["x", None, "x"]})
    keys = rows.select(key_of(None, None, ["a", "b"]).alias("key"))["key"].to_list()
    assert keys[0] == keys[2] != keys[1]
    other = rows[::-1].select(key_of(None, None, ["a", "b"]).alias("key"))["key"].to_list()
    assert other == keys[::-1]


def test_the_key_of_a_row_is_the_same_in_every_release() -> None:
    rows = pl.DataFrame({"a": [1.5], "b": ["x"]})
    assert rows.select(key_of(None, None, ["a", "b"]).alias("key")).item() == KNOWN


def test_whole_numbers_as_categories_are_the_same_with_and_without_a_point() -> None:
    rows = pl.DataFrame({"a": ["1", "1.0", "2", "2.0", "1.5", "-3"]})
    for known in (["1", "2"], ["1.0", "2.0"]):
        codes = matrix_of(rows, [Feature("a", known)])[:, 0]
        assert codes.tolist() == [1, 1, 2, 2, 0, 0]
    both = matrix_of(rows, [Feature("a", ["1", "1.0"])])[:, 0]
    assert both.tolist() == [1, 2, 0, 0, 0, 0]


def test_numbers_that_float32_can_hardly_tell_apart_are_named() -> None:
    sizes = {"fine": 6.0, "large": 1.6e9, "same": 5e7, "constant": 7.0, "infinite": LARGEST}
    spread = [1.0, 300.0, 0.0, 0.0, 1e38]  # "same" may have been different before it was rounded
    ends = [[0.0, size] for size in sizes.values()]
    statistics = Statistics(ends, [0.0] * len(ends), spread, 0.0, 1.0)
    assert blurred([Feature(name, None) for name in sizes], statistics) == ["large", "same"]
