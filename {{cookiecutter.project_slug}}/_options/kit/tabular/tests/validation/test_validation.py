from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Column, Contract, Kind, Task
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.validation import batches
from {{ cookiecutter.package_name }}.validation.findings import Example
from {{ cookiecutter.package_name }}.validation.validation import violations

CONTRACT = Contract(
    source="people.csv",
    target="paid",
    task=Task.classification,
    columns={
        "id": Column(Kind.text),
        "age": Column(Kind.number, unit="years", min=0, max=120, missing=0.2),
        "city": Column(Kind.category, values=("Oslo", "Rome")),
        "refund": Column(Kind.number, min=0, max=1),
        "paid": Column(Kind.category, values=("no", "yes")),
    },
    key="id",
    forbidden=("refund",),
)
ROWS = 100


def table(**planted: dict[int, str]) -> pl.LazyFrame:
    """A good table, but for what is planted into rows (from 1) of some columns."""
    good = {"id": [f"p{row}" for row in range(ROWS)], "age": [str(row) for row in range(ROWS)]}
    good |= {"city": ["Oslo", "Rome"] * 50, "refund": ["99"] * ROWS, "paid": ["no", "yes"] * 50}
    columns = {name: [*values] for name, values in good.items()}
    for name, values in planted.items():
        for row, value in values.items():
            columns[name][row - 1] = value
    return pl.LazyFrame(columns)


@pytest.fixture(params=[100_000, 7])
def _rows_in_a_batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS", request.param)
    monkeypatch.setattr(batches, "CELLS", 1)
    monkeypatch.setattr(batches, "FEWEST_COLUMNS", 2)


@pytest.mark.usefixtures("_rows_in_a_batch")
def test_a_good_table_breaks_nothing_and_forbidden_columns_are_not_looked_at() -> None:
    assert violations(table(), CONTRACT) == []


@pytest.mark.usefixtures("_rows_in_a_batch")
@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("age", "abc", "type"),
        ("age", "-1", "range"),
        ("age", "inf", "finite"),
        ("city", "Paris", "values"),
        ("paid", "", "missing"),
        ("paid", "maybe", "values"),
        ("id", "NA", "missing"),
    ],
)
@pytest.mark.ml_test_score("data-1")
def test_a_planted_value_is_found_with_its_row_as_in_the_file(
    column: str, value: str, rule: str
) -> None:
    (found,) = violations(table(**{column: {3: value, 88: value}}), CONTRACT)
    assert (found.column, found.rule, found.rows) == (column, rule, 2)
    assert found.examples == (Example(3, value), Example(88, value))
    assert not found.of_table


@pytest.mark.usefixtures("_rows_in_a_batch")
def test_only_the_first_rows_are_examples_but_all_are_counted() -> None:
    (found,) = violations(table(age=dict.fromkeys(range(10, 60), "999")), CONTRACT)
    assert found.rows == 50
    assert [example.row for example in found.examples] == [10, 11, 12, 13, 14]
    assert found.expected == "0 to 120 years"


@pytest.mark.usefixtures("_rows_in_a_batch")
@pytest.mark.ml_test_score("data-1")
def test_the_share_of_missing_values_is_of_the_whole_table() -> None:
    assert violations(table(age=dict.fromkeys(range(1, 21), "NA")), CONTRACT) == []
    (found,) = violations(table(age=dict.fromkeys(range(1, 22), "NA")), CONTRACT)
    assert (found.column, found.rule, found.rows) == ("age", "missing share", 21)
    assert found.of_table
    assert "at most 0.2 of the rows without a value, not 0.21" in found.expected


@pytest.mark.usefixtures("_rows_in_a_batch")
@pytest.mark.ml_test_score("data-1")
def test_a_key_that_two_rows_share_is_found_far_apart() -> None:
    (found,) = violations(table(id={100: "p0"}), CONTRACT)
    assert (found.column, found.rule, found.rows) == ("id", "unique", 2)
    assert found.examples == (Example(1, "p0"), Example(100, "p0"))


def test_violations_come_in_the_order_of_the_columns() -> None:
    planted = table(paid={1: "?"}, age={2: "x", 3: "-5"}, id={4: "p4"})
    found = [(each.column, each.rule) for each in violations(planted, CONTRACT)]
    assert found == [("id", "unique"), ("age", "type"), ("age", "range"), ("paid", "missing")]


def test_rows_are_numbered_within_the_file_that_they_are_in() -> None:
    shards = {"a.parquet": 40, "empty.parquet": 0, "b.parquet": 60}
    planted = table(age={40: "x", 41: "y", 100: "z"})
    (found,) = violations(planted, CONTRACT, shards=shards)
    assert found.examples == (
        Example(40, "x", "a.parquet"),
        Example(1, "y", "b.parquet"),
        Example(60, "z", "b.parquet"),
    )


def test_rows_of_several_files_are_counted_in_their_order(tmp_path: Path) -> None:
    for part in range(3):
        planted = table(age={5: "x"}) if part == 2 else table()
        rows = planted.with_columns(pl.col("id") + f"-{part}").collect()
        rows.write_parquet(tmp_path / f"part-{part}.parquet")
    (found,) = violations(pl.scan_parquet(tmp_path / "*.parquet"), CONTRACT)
    assert found.examples == (Example(205, "x"),)


@pytest.mark.ml_test_score("data-1")
def test_missing_and_unknown_columns_stop_before_anything_is_read() -> None:
    with pytest.raises(UserError, match=r"people\.csv: 'age' is missing"):
        violations(table().drop("age"), CONTRACT)
    with pytest.raises(UserError, match=r"people\.csv: more: not in the contract"):
        violations(table().with_columns(more=1), CONTRACT)


def test_an_empty_table_breaks_no_rule() -> None:
    assert violations(table().head(0), CONTRACT) == []


def test_a_column_that_is_forbidden_and_has_a_role_must_have_values_all_the_same() -> None:
    grouped = replace(CONTRACT, group="city", forbidden=("refund", "city"))
    (found,) = violations(table(city={3: ""}), grouped)
    assert (found.column, found.rule, found.rows) == ("city", "missing", 1)
