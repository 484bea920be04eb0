from datetime import date, datetime, timedelta

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.time import future_rows

PARTS = ["train"] * 6 + ["val"] * 2 + ["test"] * 2


def in_order(parts: list[str] = PARTS) -> pl.DataFrame:
    days = [date(2024, 1, 1) + timedelta(days=row) for row in range(len(parts))]
    ids = [f"r{row}" for row in range(len(parts))]
    return pl.DataFrame({"id": ids, "part": parts, "día": days})


def test_parts_in_order_of_time_are_no_leak() -> None:
    assert future_rows(in_order().lazy(), "día") == []


def test_rows_of_train_after_the_first_row_of_val_are_found() -> None:
    table = in_order(["train", "train", "val", "train", "train", "test"])
    (found,) = future_rows(table.lazy(), "día")
    assert (found.kind, found.rows) == (Kind.future, 2)
    assert "2 rows of train are later than the first row of val (2024-01-03)" in found.message
    assert found.examples == ["r4 (train, 2024-01-05)", "r3 (train, 2024-01-04)"]


def test_rows_of_val_after_the_first_row_of_test_are_found() -> None:
    (found,) = future_rows(in_order(["train", "val", "test", "val"]).lazy(), "día")
    assert found.rows == 1
    assert "1 rows of val are later than the first row of test" in found.message


def test_rows_of_the_same_moment_are_no_leak() -> None:
    table = in_order().with_columns(pl.lit(datetime(2024, 1, 1)).alias("día"))
    assert future_rows(table.lazy(), "día") == []


@pytest.mark.parametrize("kind", [pl.Int64, pl.Float64, pl.String])
def test_time_may_be_a_number_or_text(kind: type[pl.DataType]) -> None:
    table = in_order(["train", "test", "train"])
    times = pl.Series("día", [1, 2, 3]).cast(kind)
    (found,) = future_rows(table.with_columns(times).lazy(), "día")
    assert found.rows == 1


def test_rows_without_a_time_are_left_out() -> None:
    table = in_order(["train", "test", "train"])
    table = table.with_columns(pl.Series("día", [date(2024, 1, 1), date(2024, 1, 2), None]))
    assert future_rows(table.lazy(), "día") == []


@pytest.mark.parametrize("parts", [[], ["train"], ["test"], ["train"] * 5])
def test_without_a_part_that_follows_there_is_no_future(parts: list[str]) -> None:
    assert future_rows(in_order(parts).lazy(), "día") == []


def test_folds_follow_no_order() -> None:
    table = in_order().with_columns(part=pl.int_range(pl.len()) % 5)
    assert future_rows(table.lazy(), "día") == []
