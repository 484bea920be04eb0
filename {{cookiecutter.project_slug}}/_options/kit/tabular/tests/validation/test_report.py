import math
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context

from {{ cookiecutter.package_name }}.contract.contract import MISSING, Column, Kind
from {{ cookiecutter.package_name }}.validation import report
from {{ cookiecutter.package_name }}.validation.rules import Rules, overview, views

RANGE = Column(Kind.number, unit="years", min=0, max=100)
COLUMNS = {
    "range": RANGE,
    "number": Column(Kind.number),
    "low": Column(Kind.number, min=-1.5),
    "high": Column(Kind.number, max=7),
    "comma": Column(Kind.number, decimal_comma=True, max=9),
    "list": Column(Kind.category, values=("a", "b")),
    "category": Column(Kind.category),
    "boolean": Column(Kind.boolean),
    "time": Column(Kind.time),
    "text": Column(Kind.text),
}
ODD = ["1,5", "inf", "-inf", "-nan", "1e999", "2026-01-31", "2026-13-31"]
TEXTS = st.sampled_from(["0", " 7 ", "101", "-1", "a", "c", "true", "No", *ODD, *MISSING])


def broken(column: Column, values: list[object], *, required: bool = False) -> list[str | None]:
    """The rule that each value breaks."""
    found = _report({"it": column}, pl.DataFrame({"it": values}, strict=False), required=required)
    by_row = dict(found.select("row", "rule").iter_rows())
    return [by_row.get(row) for row in range(len(values))]


def _report(
    columns: dict[str, Column], frame: pl.DataFrame, *, required: bool, quick: bool = True
) -> pl.DataFrame:
    every = [Rules(name, column, required) for name, column in columns.items()]
    seen = views(frame, every)
    return report.broken(seen, every) if quick else report.report(seen, every)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (RANGE, ["0", "100", " 50 "], [None, None, None]),
        (RANGE, ["-0.1", "100.1"], ["range", "range"]),
        (RANGE, ["abc", "-nan", "1,5"], ["type", "type", "type"]),
        (RANGE, ["inf", "-inf", "1e999"], ["finite", "finite", "finite"]),
        (RANGE, ["", "NA", None], [None, None, None]),
        (RANGE, [-1, 101, 5, None], ["range", "range", None, None]),
        (RANGE, [math.inf, math.nan, 5.0], ["finite", None, None]),
        (RANGE, [datetime(2026, 1, 1)], ["type"]),
        (COLUMNS["comma"], ["1,5", "1.5", "9,5"], [None, "type", "range"]),
        (COLUMNS["list"], ["a", "B", "c", ""], [None, "values", "values", None]),
        (COLUMNS["boolean"], ["TRUE", "maybe", "1", ""], [None, "type", "type", None]),
        (COLUMNS["boolean"], [True, False, None], [None, None, None]),
        (COLUMNS["time"], ["2026-01-31", "31.1.2026", "?"], [None, "type", None]),
        (COLUMNS["time"], [datetime(2026, 1, 1), None], [None, None]),
        (COLUMNS["time"], [20260131], ["type"]),
        (COLUMNS["category"], ["anything", ""], [None, None]),
        (COLUMNS["text"], ["anything", ""], [None, None]),
    ],
)
@pytest.mark.ml_test_score("data-1")
def test_each_planted_value_is_found_with_the_rule_it_breaks(
    column: Column, values: list[object], expected: list[str | None]
) -> None:
    assert broken(column, values) == expected


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_what_must_be_there_may_not_be_missing_in_any_kind(column: Column) -> None:
    found = broken(column, ["", "NA", None], required=True)
    assert found == ["missing", "missing", "missing"]


def test_values_are_checked_even_where_pandera_was_told_to_look_at_types_only() -> None:
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert broken(RANGE, ["101"]) == ["range"]


@pytest.mark.slow
@given(st.lists(st.tuples(*[TEXTS] * len(COLUMNS)), max_size=6), st.booleans())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_quick_look_hides_nothing_that_pandera_finds(
    rows: list[tuple[str, ...]], required: bool
) -> None:
    frame = pl.DataFrame(rows, dict.fromkeys(COLUMNS, pl.String), orient="row")
    quick = _report(COLUMNS, frame, required=required).sort("row", "column")
    full = _report(COLUMNS, frame, required=required, quick=False).sort("row", "column")
    assert quick.equals(full)


@pytest.mark.slow
@given(st.lists(st.tuples(*[TEXTS] * len(COLUMNS)), max_size=6), st.booleans())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_look_at_the_whole_table_doubts_the_columns_that_pandera_finds_fault_with(
    rows: list[tuple[str, ...]], required: bool
) -> None:
    frame = pl.DataFrame(rows, dict.fromkeys(COLUMNS, pl.String), orient="row")
    every = [Rules(name, column, required) for name, column in COLUMNS.items()]
    missing, doubtful = overview(frame.lazy(), every)
    full = _report(COLUMNS, frame, required=required, quick=False)
    assert {each.name for each in doubtful} == set(full["column"])
    seen = views(frame, every)
    assert missing == {name: seen[name].null_count() for name in COLUMNS}


def test_good_columns_are_not_given_to_pandera(monkeypatch: pytest.MonkeyPatch) -> None:
    explained: list[str] = []

    def note(_: pl.DataFrame, part: list[Rules]) -> pl.DataFrame:
        explained.extend(each.name for each in part)
        return report.REPORT.to_frame()

    monkeypatch.setattr(report, "report", note)
    frame = pl.DataFrame({"range": ["1", "101"], "list": ["a", "b"]})
    _report({name: COLUMNS[name] for name in frame.columns}, frame, required=False)
    assert explained == ["range"]


def test_many_bad_columns_are_explained_a_few_at_a_time() -> None:
    names = [f"^{number}.*$" for number in range(120)]
    frame = pl.DataFrame({name: ["101"] for name in names})
    found = _report(dict.fromkeys(names, RANGE), frame, required=False)
    assert sorted(found["column"]) == sorted(names)
