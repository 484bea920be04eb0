import time
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.contract.casting import as_typed, text_of, typed
from {{ cookiecutter.package_name }}.contract.contract import (
    MISSING,
    Column,
    Contract,
    Kind,
    Task,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError

NUMBER, CATEGORY, TIME = Column(Kind.number), Column(Kind.category), Column(Kind.time)
BOOLEAN, COMMA = Column(Kind.boolean), Column(Kind.number, decimal_comma=True)
NOON = datetime(2026, 1, 31, 12, 0)


def values(column: Column, raw: pl.Series) -> tuple[list[object], list[bool]]:
    """What the raw values are cast to, and which have one that does not cast."""
    table = pl.LazyFrame({"*": raw})
    found = as_typed(table, {"*": column}).collect().to_series()
    present = text_of(table, "*").collect().to_series().is_not_null()
    return found.to_list(), (present & found.is_null()).to_list()


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (NUMBER, "1.5", 1.5),
        (NUMBER, " 12 ", 12.0),
        (NUMBER, "-1e3", -1000.0),
        (NUMBER, "+.5", 0.5),
        (NUMBER, "inf", float("inf")),
        (COMMA, "1,5", 1.5),
        (COMMA, "-12", -12.0),
        (BOOLEAN, "True", "true"),
        (BOOLEAN, "YES", "true"),
        (BOOLEAN, "no", "false"),
        (CATEGORY, "  red wine ", "red wine"),
        (CATEGORY, "01", "01"),
        (TIME, "2026-01-31", datetime(2026, 1, 31)),
        (TIME, "2026-01-31 12:00", NOON),
        (TIME, "2026-01-31T12:00:00", NOON),
        (TIME, "2026-01-31T12:00:00.250", NOON + timedelta(milliseconds=250)),
        (TIME, "2026-01-31T12:00:00Z", NOON),
        (TIME, "2026-01-31T14:00:00+02:00", NOON),
    ],
)
@pytest.mark.ml_test_score("data-7")
def test_text_becomes_what_it_says(column: Column, raw: str, value: object) -> None:
    assert values(column, pl.Series([raw])) == ([value], [False])


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        (NUMBER, "1,5"),
        (NUMBER, "1 000"),
        (NUMBER, "1_000"),
        (NUMBER, "12 kg"),
        (NUMBER, "-nan"),
        (NUMBER, "0x10"),
        (COMMA, "1.5"),
        (COMMA, "1.234,5"),
        (BOOLEAN, "maybe"),
        (BOOLEAN, "1"),
        (TIME, "31.01.2026"),
        (TIME, "2026-02-30"),
        (TIME, "20260131"),
    ],
)
@pytest.mark.ml_test_score("data-7")
def test_what_does_not_cast_is_found_and_becomes_null(column: Column, raw: str) -> None:
    assert values(column, pl.Series([raw])) == ([None], [True])


@pytest.mark.parametrize("token", [*MISSING, "  ", " NA "])
@pytest.mark.parametrize("column", [NUMBER, COMMA, BOOLEAN, CATEGORY, TIME, Column(Kind.text)])
def test_what_stands_for_no_value_is_null_in_every_kind(column: Column, token: str) -> None:
    assert values(column, pl.Series([token])) == ([None], [False])


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (NUMBER, pl.Series([3], dtype=pl.Int8), 3.0),
        (NUMBER, pl.Series([True]), 1.0),
        (NUMBER, pl.Series([float("nan")]), None),
        (NUMBER, pl.Series([timedelta(seconds=90)]), 90.0),
        (NUMBER, pl.Series([None]), None),
        (CATEGORY, pl.Series([3.0]), "3"),
        (CATEGORY, pl.Series([3]), "3"),
        (CATEGORY, pl.Series([3.5]), "3.5"),
        (CATEGORY, pl.Series([float("nan")]), None),
        (CATEGORY, pl.Series([True]), "true"),
        (CATEGORY, pl.Series(["a "], dtype=pl.Categorical), "a"),
        (Column(Kind.text), pl.Series([2**63 - 1]), str(2**63 - 1)),
        (BOOLEAN, pl.Series([False]), "false"),
        (TIME, pl.Series([date(2026, 1, 31)]), datetime(2026, 1, 31)),
        (TIME, pl.Series([NOON], dtype=pl.Datetime("ms")), NOON),
        (TIME, pl.Series([NOON.replace(tzinfo=UTC)]), NOON),
    ],
)
def test_typed_values_become_the_same_as_their_text(
    column: Column, raw: pl.Series, value: object
) -> None:
    assert values(column, raw) == ([value], [False])


@pytest.mark.parametrize(
    ("column", "raw"), [(NUMBER, pl.Series([NOON])), (TIME, pl.Series([20260131]))]
)
def test_a_type_that_is_no_such_kind_does_not_cast(column: Column, raw: pl.Series) -> None:
    assert values(column, raw) == ([None], [True])


def test_nested_values_are_text_of_no_content() -> None:
    raw = pl.Series([[1, 2], None])
    assert values(Column(Kind.text), raw) == (["(List(Int64))", None], [False, False])


@given(st.lists(st.text() | st.floats().map(str) | st.sampled_from(MISSING), max_size=20))
@settings(max_examples=30, deadline=None, derandomize=True)
@pytest.mark.ml_test_score("data-7")
def test_a_value_is_missing_or_cast_or_found_not_to_cast(raw: list[str]) -> None:
    for column in (NUMBER, COMMA, BOOLEAN, TIME):
        cast_to, bad = values(column, pl.Series(raw, dtype=pl.String))
        for value, wrong, text in zip(cast_to, bad, raw, strict=True):
            absent = text.strip() in MISSING
            assert [absent, value is not None, wrong].count(True) == 1


CONTRACT = Contract(
    "people.csv", "y", Task.regression, {"Age": NUMBER, "city": CATEGORY, "y": NUMBER}
)


def test_a_table_comes_back_typed_in_the_order_of_the_contract() -> None:
    raw = pl.LazyFrame({"y": ["1"], "city": ["Rome"], "Age": ["NA"]})
    table = typed(raw, CONTRACT).collect()
    assert table.schema == {"Age": pl.Float64, "city": pl.String, "y": pl.Float64}
    assert table.row(0) == (None, "Rome", 1.0)


def test_to_predict_only_the_features_must_be_there_and_others_do_no_harm() -> None:
    raw = pl.LazyFrame({"city": ["Rome"], "more": [1], "Age": [3]})
    assert typed(raw, CONTRACT, columns=CONTRACT.features).collect().row(0) == (3.0, "Rome")


def test_a_missing_column_is_named_with_the_one_that_was_probably_meant() -> None:
    raw = pl.LazyFrame({"age": ["1"], "city": ["Rome"], "y": ["1"]})
    message = r"people\.csv: 'Age' is missing\. For 'Age': Did you mean 'age'\?"
    with pytest.raises(UserError, match=message):
        typed(raw, CONTRACT)
    with pytest.raises(UserError, match=r"the request: columns Age, city are missing"):
        typed(pl.LazyFrame({"y": [1]}), CONTRACT, columns=CONTRACT.features, source="the request")


def test_a_column_that_the_contract_lacks_is_refused_with_the_line_to_add() -> None:
    raw = pl.LazyFrame({"Age": ["1"], "city": ["Rome"], "y": ["1"], "new: one": ["x"]})
    with pytest.raises(
        UserError, match=r'people\.csv: new: one: not in .*`"new: one": \{kind: num'
    ):
        typed(raw, CONTRACT)


def test_a_wide_table_is_planned_in_no_time() -> None:
    wide = pl.LazyFrame({f"column {number}": ["1"] for number in range(1500)})
    started = time.process_time()
    as_typed(wide, dict.fromkeys(wide.collect_schema(), NUMBER)).collect()
    assert time.process_time() - started < 10  # 1 s; `replace` took minutes


@pytest.mark.parametrize("name", ["*", "^A.*$", "", "a b 😀"])
def test_names_are_names_and_not_patterns(name: str) -> None:
    contract = Contract("x", name, Task.regression, {name: NUMBER, "Ab": CATEGORY})
    table = typed(pl.LazyFrame({"Ab": ["3"], name: ["4"]}), contract).collect()
    assert table.row(0, named=True) == {name: 4.0, "Ab": "3"}
