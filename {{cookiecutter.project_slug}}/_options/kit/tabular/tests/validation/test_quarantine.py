from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Column, Contract, Kind, Task
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.validation import findings
from {{ cookiecutter.package_name }}.validation.quarantine import split_bad_rows
from {{ cookiecutter.package_name }}.validation.validation import violations

CONTRACT = Contract(
    "people.csv",
    "y",
    Task.regression,
    {
        "id": Column(Kind.text),
        "age": Column(Kind.number, min=0, max=120, missing=0.2),
        "y": Column(Kind.number, min=-10, max=10),
    },
    key="id",
)
ROWS = [
    ("a", "20", "1"),
    ("b", "999", "2"),
    ("c", "", "3"),
    ("d", "abc", "99"),
    ("e", "30", ""),
    ("f", "40", "4"),
    ("a", "50", "5"),
    ("g", "60", "6"),
    ("h", "70", "7"),
    ("i", "80", "8"),
    ("j", "90", "9"),
]
TABLE = pl.LazyFrame(ROWS, ["id", "age", "y"], orient="row")


@pytest.mark.ml_test_score("data-1")
def test_bad_rows_come_apart_with_their_place_and_the_rules_they_break() -> None:
    good, bad = (part.collect() for part in split_bad_rows(TABLE, CONTRACT))
    assert good["id"].to_list() == ["c", "f", "g", "h", "i", "j"]
    assert good.schema == TABLE.collect_schema()
    assert bad.columns == ["row_in_source", "id", "age", "y", "broken_rules"]
    assert bad.select("row_in_source", "age", "broken_rules").rows() == [
        (1, "20", "id: unique"),
        (2, "999", "age: range"),
        (4, "abc", "age: type, y: range"),
        (5, "30", "y: missing"),
        (7, "50", "id: unique"),
    ]


@pytest.mark.ml_test_score("data-1")
def test_what_is_left_keeps_the_contract() -> None:
    good, _ = split_bad_rows(TABLE, CONTRACT)
    assert violations(good, CONTRACT) == []


def test_a_good_table_stays_whole() -> None:
    table = TABLE.filter(~pl.col("id").is_in(["a", "b", "d", "e"]))
    good, bad = split_bad_rows(table, CONTRACT)
    assert good.collect().equals(table.collect())
    assert bad.collect().is_empty()


def test_both_parts_can_be_streamed_to_files(tmp_path: Path) -> None:
    table = pl.concat([TABLE.with_columns(pl.col("id") + f"-{part}") for part in range(300)])
    table.sink_parquet(tmp_path / "raw.parquet")
    good, bad = split_bad_rows(pl.scan_parquet(tmp_path / "raw.parquet"), CONTRACT)
    good.sink_parquet(tmp_path / "good.parquet")
    bad.sink_parquet(tmp_path / "bad.parquet")
    assert pl.read_parquet(tmp_path / "good.parquet").height == 300 * 6
    assert pl.read_parquet(tmp_path / "bad.parquet")["row_in_source"].is_sorted()


def test_what_the_whole_table_breaks_still_stops() -> None:
    lacking = TABLE.with_columns(age=pl.when(pl.col("age") > "4").then("age"))
    with pytest.raises(UserError, match=r"people\.csv: breaks a rule.*\n.*age: missing share"):
        split_bad_rows(lacking, CONTRACT)
    with pytest.raises(UserError, match=r"people\.csv: 'age' is missing"):
        split_bad_rows(TABLE.drop("age"), CONTRACT)


def test_not_most_of_the_rows_are_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    most = TABLE.with_columns(y=pl.lit("11"))
    with pytest.raises(UserError, match=r"data\.on_bad=quarantine: .*more than half.*\n.*breaks"):
        split_bad_rows(most, CONTRACT)
    monkeypatch.setattr(findings, "MOST_KEPT", 5)
    with pytest.raises(UserError, match=r"6 values of 11 rows break a rule"):
        split_bad_rows(TABLE, CONTRACT)


def test_rows_that_were_in_quarantine_before_can_be_set_aside_again() -> None:
    text = Column(Kind.text, missing=1)
    columns = {"row_in_source": text, "broken_rules": text, **CONTRACT.columns}
    again = TABLE.select(pl.lit("7").alias("row_in_source"), "id", "age", "y")
    table = again.with_columns(broken_rules=pl.lit("age: range"))
    _, bad = split_bad_rows(table, replace(CONTRACT, columns=columns))
    found = bad.collect()
    assert found.columns[0] == "row_in_source_2"
    assert found.columns[-2:] == ["broken_rules", "broken_rules_2"]
    assert found.row(1)[0] == 2
    assert found["broken_rules"].unique().to_list() == ["age: range"]
