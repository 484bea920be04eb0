import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.validation import uniqueness

ROWS = 1000


@pytest.mark.parametrize("rows_at_once", [10_000, 300, 1])
def test_rows_that_share_a_value_are_found_however_the_column_is_cut(
    rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uniqueness, "ROWS_AT_ONCE", max(rows_at_once, ROWS // 20))
    values = np.random.default_rng(0).integers(0, 3000, ROWS)
    table = pl.LazyFrame({"key": values}).with_columns(pl.col("key").cast(pl.String))
    found = uniqueness.repeated(table, "key", ROWS).to_list()
    counts = np.bincount(values)
    assert found == np.flatnonzero(counts[values] > 1).tolist()
    assert 0 < len(found) < ROWS


def test_missing_values_are_no_duplicates_of_each_other() -> None:
    table = pl.LazyFrame({"key": ["a", None, "", "NA", " a ", "b", "NA"]})
    assert uniqueness.repeated(table, "key", 7).to_list() == [0, 4]


def test_long_numbers_that_a_float_cannot_tell_apart_are_different() -> None:
    table = pl.LazyFrame({"key": [2**53, 2**53 + 1]})
    assert uniqueness.repeated(table, "key", 2).is_empty()


def test_equal_hashes_of_different_values_are_no_duplicates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def length(value: pl.Expr) -> pl.Expr:
        return value.str.len_bytes().cast(pl.UInt64)

    monkeypatch.setattr(pl.Expr, "hash", length)
    table = pl.LazyFrame({"key": ["ab", "cd", "ef", "cd"]})
    assert uniqueness.repeated(table, "key", 4).to_list() == [1, 3]
    monkeypatch.setattr(uniqueness, "MOST_COMPARED", 2)  # more than this are not compared
    assert uniqueness.repeated(table, "key", 4).to_list() == [0, 1, 2, 3]
