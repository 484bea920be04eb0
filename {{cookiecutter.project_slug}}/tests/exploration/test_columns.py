from typing import Any

import numpy as np
import pandas as pd
import pytest
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration.columns import describe

RANDOM = np.random.default_rng(0)
ROWS = 400
NORMAL = RANDOM.normal(size=ROWS)


def flags(column: Any, **others: Any) -> list[str]:
    """The flags of one column ``x``."""
    data = explored({**others, "x": column, "y": np.resize(["a", "b"], len(column))})
    return describe(data)["flags"]["x"]


def test_numbers_are_described_as_pandas_does() -> None:
    data = cancer()
    found, expected = describe(data), data.frame[data.numbers].describe().T
    for ours, theirs in {
        "mean": "mean",
        "spread": "std",
        "minimum": "min",
        "maximum": "max",
    }.items():
        np.testing.assert_allclose(found.loc[data.numbers, ours].astype(float), expected[theirs])
    distinct = data.frame[data.numbers].nunique()
    assert found.loc[data.numbers, "distinct"].tolist() == distinct.tolist()
    assert found.index.tolist() == list(data.frame.columns)


def test_missing_values_count_nowhere_but_in_their_share() -> None:
    data = explored({"x": [1, np.nan, 3, np.nan], "word": ["a", None, "a", "b"], "y": list("abab")})
    found = describe(data)
    assert found["missing"].tolist() == [0.5, 0.25, 0]
    assert found["distinct"].tolist() == [2, 2, 2]
    assert found["mean"]["x"] == 2
    assert found["frequent"]["word"] == "a 67%, b 33%"


def test_a_target_of_numbers_is_described_as_one() -> None:
    found = describe(explored({"x": [1, 2], "y": [1.0, 3.0]}, is_regression=True))
    assert found["kind"].tolist() == ["number", "number"]
    assert found["mean"]["y"] == 2


@pytest.mark.parametrize(
    ("column", "flag"),
    [
        (np.full(ROWS, np.nan), "no values"),
        ([None] * ROWS, "no values"),
        (np.ones(ROWS), "constant"),
        (["k"] * ROWS, "constant"),
        (np.where(RANDOM.random(ROWS) < 0.7, np.nan, NORMAL), "mostly missing"),
        (np.where(np.arange(ROWS) < 3, np.inf, NORMAL), "infinite values"),
        ((np.arange(ROWS) < 2).astype(float), "one value in most rows"),
        (["rare"] * 2 + ["k"] * (ROWS - 2), "one value in most rows"),
        (RANDOM.standard_cauchy(ROWS), "heavy tail"),
        (np.where(np.arange(ROWS) < 1, 50, NORMAL), "outliers"),
        (np.where(np.arange(ROWS) < 9, -999, NORMAL), "-999 in 2.2%: a code?"),
        ([f"id {number}" for number in range(ROWS)], "every value differs"),
        ([f"id {number // 3}" for number in range(ROWS)], "many values"),
        (np.resize(["Yes", "yes ", "no"], ROWS), "one value in several spellings"),
    ],
)
def test_what_deserves_a_look_is_flagged(column: Any, flag: str) -> None:
    assert flag in flags(column)


@pytest.mark.parametrize(
    "column", [NORMAL, RANDOM.poisson(3, ROWS), np.resize(["red", "blue"], ROWS), RANDOM.random(5)]
)
def test_ordinary_columns_have_no_flags(column: Any) -> None:
    assert flags(column) == []


def test_a_column_that_repeats_another_is_flagged_and_the_first_is_not() -> None:
    words = np.resize(["a", "b", "c"], ROWS)
    columns = {"x": NORMAL, "again": NORMAL, "word": words, "code": np.char.upper(words)}
    data = explored({**columns, "other": NORMAL[::-1], "y": np.resize(["a", "b"], ROWS)})
    found = describe(data)["flags"]
    assert found["again"] == ["same as x"]
    assert found["code"] == ["same as word"]
    assert found["x"] == found["word"] == found["other"] == []


def test_a_column_with_gaps_repeats_another_with_the_same_gaps_only() -> None:
    gaps, more = np.arange(ROWS) % 7 == 0, np.arange(ROWS) % 5 == 0
    one, other = np.where(gaps, np.nan, NORMAL), np.where(gaps | more, np.nan, NORMAL)
    data = explored({"x": one, "again": one, "other": other, "y": np.resize(["a", "b"], ROWS)})
    found = describe(data)["flags"]
    assert found["again"] == ["same as x"]
    assert found["other"] == []


def test_rows_of_every_part_are_described() -> None:
    split = ["train", "test", "val"]
    found = describe(explored({"x": [1, 2, 9], "y": list("aab")}, split=split))
    assert found["maximum"]["x"] == 9
    assert isinstance(found, pd.DataFrame)
