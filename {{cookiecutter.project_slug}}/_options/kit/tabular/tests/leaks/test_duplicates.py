import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leak_rows import classic, copied, prepared, survey

from {{ cookiecutter.package_name }}.leaks.duplicates import duplicates
from {{ cookiecutter.package_name }}.leaks.finding import Kind

NATURAL = [("fair", "affairs"), ("anes96", "vote"), ("star98", "NABOVE"), ("spector", "GRADE")]
NAMES = ["a", "b", "c"]
NUMBERS = {name: np.random.default_rng(ord(name)).normal(size=300) for name in NAMES}


@pytest.mark.parametrize(("name", "target"), NATURAL)
def test_surveys_of_few_discrete_columns_repeat_by_nature(name: str, target: str) -> None:
    features, answers = survey(name, target)
    table = prepared(features, answers)
    assert duplicates(table.lazy(), list(features)) == []


def test_fair_has_hundreds_of_natural_duplicates_across_its_parts() -> None:
    features, answers = survey("fair", "affairs")
    in_parts = pl.col("part").n_unique().over(list(features))
    assert prepared(features, answers).filter(in_parts > 1).height > 500


@pytest.mark.parametrize("name", ["breast_cancer", "wine", "diabetes", "iris", "digits"])
def test_clean_measurements_have_none(name: str) -> None:
    features, target = classic(name)
    assert duplicates(prepared(features, target).lazy(), list(features)) == []


def test_columns_that_go_together_make_natural_duplicates() -> None:
    # 30 yes-or-no columns: if they were independent, no two of 569 rows would ever be equal.
    features, target = classic("breast_cancer")
    halves = {name: values > np.median(values) for name, values in features.items()}
    table = prepared(halves, target)
    assert table.filter(pl.col("part").n_unique().over(list(halves)) > 1).height > 20
    assert duplicates(table.lazy(), list(halves)) == []


def test_one_hot_columns_repeat_by_nature() -> None:
    random = np.random.default_rng(1)
    drawn = random.integers(0, 50, 1000), random.integers(0, 8, 1000)
    columns = {
        f"{name}={value}": values == value
        for name, values in zip("ab", drawn, strict=True)
        for value in np.unique(values)
    }
    assert duplicates(prepared(columns).lazy(), list(columns)) == []


@pytest.mark.parametrize("name", ["breast_cancer", "wine", "digits"])
def test_copied_rows_are_found_and_named(name: str) -> None:
    features, target = classic(name)
    table = prepared(features, target)
    (found,) = duplicates(pl.concat([table, copied(table, 10)]).lazy(), list(features))
    assert (found.kind, found.rows) == (Kind.duplicates, 10)
    assert "data.group=COLUMN" in found.message
    original = table.filter(pl.col("part") == "train")["id"].head(10).to_list()
    assert {f"copy of {one} (test) = {one} (train)" for one in original} >= set(found.examples)


def test_a_single_copied_row_is_found() -> None:
    table = prepared(NUMBERS)
    (found,) = duplicates(pl.concat([table, copied(table, 1)]).lazy(), NAMES)
    assert found.rows == 1


def test_copies_among_natural_duplicates_are_found_where_they_identify_their_row() -> None:
    features, answers = survey("anes96", "vote")
    table = prepared(features, answers)
    (found,) = duplicates(pl.concat([table, copied(table, 20)]).lazy(), list(features))
    assert 10 <= found.rows <= 21


def test_copies_with_another_target_are_counted_in_the_message() -> None:
    table = prepared(NUMBERS, np.zeros(300))
    copies = copied(table, 6).with_columns(target=pl.Series([1.0, 1, 1, 1, 0, 0]))
    (found,) = duplicates(pl.concat([table, copies]).lazy(), NAMES)
    assert found.message.startswith("duplicates: 6 of ")
    assert "(4 of them with another target)" in found.message


def test_copies_within_one_part_are_no_leak() -> None:
    table = prepared(NUMBERS)
    copies = copied(table, 20).with_columns(part=pl.lit("train"))
    assert duplicates(pl.concat([table, copies]).lazy(), NAMES) == []


def test_every_row_of_a_fold_that_stands_in_another_one_counts() -> None:
    table = prepared(NUMBERS).with_columns(part=pl.int_range(pl.len()) % 5)
    copies = table.head(4).with_columns(part=(pl.col("part") + 1) % 5)
    (found,) = duplicates(pl.concat([table, copies]).lazy(), NAMES)
    assert found.rows == 8
    assert "8 of 304" in found.message


def test_missing_values_equal_each_other_and_names_may_be_any_text() -> None:
    names = ["größe, 'x'", "空", "hash", "parts"]
    random = np.random.default_rng(2)
    table = prepared({name: random.normal(size=200) for name in names})
    table = table.with_columns(pl.lit(None, pl.Float64).alias("parts"))
    (found,) = duplicates(pl.concat([table, copied(table, 3)]).lazy(), names)
    assert found.rows == 3


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_have_none(rows: int) -> None:
    assert duplicates(prepared(NUMBERS).head(rows).lazy(), NAMES) == []


def test_constant_and_missing_columns_identify_nothing() -> None:
    table = prepared({"constant": np.ones(100), "missing": np.full(100, np.nan)})
    assert duplicates(table.lazy(), ["constant", "missing"]) == []
    assert duplicates(table.lazy(), ["constant"]) == []
    assert duplicates(table.lazy(), []) == []


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(1, 30), st.integers(0, 2**31))
def test_what_is_found_does_not_depend_on_the_order_of_rows(copies: int, seed: int) -> None:
    table = prepared(NUMBERS)
    whole = pl.concat([table, copied(table, copies)])
    shuffled = whole.sample(fraction=1, shuffle=True, seed=seed)
    assert duplicates(whole.lazy(), NAMES) == duplicates(shuffled.lazy(), NAMES)
