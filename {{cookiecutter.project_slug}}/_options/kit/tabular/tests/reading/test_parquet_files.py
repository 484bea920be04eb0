"""Parquet: types are kept, and what a row of a table cannot hold is refused by name."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading.opening import open_raw, read_rows
from {{ cookiecutter.package_name }}.runtime.errors import UserError

NOON = datetime(2024, 2, 29, 12)


def written(folder: Path, **columns: pa.Array) -> pl.DataFrame:
    """What becomes of these columns, by both ways of reading."""
    file = folder / "data.parquet"
    parquet.write_table(pa.table(columns), file)
    data = read_rows(file)
    write_raw(file, folder / "raw")
    assert open_raw(folder / "raw").collect().equals(data)
    return data


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (1.5, pa.float32(), pl.Float32),
        (2**64 - 1, pa.uint64(), pl.UInt64),
        (True, pa.bool_(), pl.Boolean),
        ("ö", pa.large_string(), pl.String),
        (Decimal("1.50"), pa.decimal128(10, 2), pl.Decimal(10, 2)),
        (NOON, pa.timestamp("ns"), pl.Datetime("ns")),
        (NOON.date(), pa.date32(), pl.Date),
        (time(1, 2), pa.time64("us"), pl.Time),
        (timedelta(days=1), pa.duration("ms"), pl.Duration("ms")),
    ],
)
def test_types_are_kept(
    value: object, kind: pa.DataType, expected: pl.DataType, tmp_path: Path
) -> None:
    data = written(tmp_path, x=pa.array([value, None], kind))
    assert data.schema == {"x": expected}
    assert data["x"].to_list() == [value, None]


def test_a_time_zone_is_kept(tmp_path: Path) -> None:
    data = written(tmp_path, x=pa.array([NOON], pa.timestamp("us", "Europe/Berlin")))
    assert data.schema == {"x": pl.Datetime("us", "Europe/Berlin")}


def test_categories_and_columns_without_a_value_become_text(tmp_path: Path) -> None:
    kinds = pa.array(["a", None, "b"]).dictionary_encode()
    data = written(tmp_path, x=kinds, y=pa.nulls(3), z=pa.array([1, 1, 2]).dictionary_encode())
    assert data.schema == {"x": pl.String, "y": pl.String, "z": pl.Int64}
    assert data.rows() == [("a", None, 1), (None, None, 1), ("b", None, 2)]


def test_the_index_of_pandas_is_left_out_with_a_note(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1, 2, 3], "y": pd.Categorical(["a", "b", "a"])})
    frame.iloc[[0, 2, 1]].to_parquet(tmp_path / "data.parquet")
    table = write_raw(tmp_path / "data.parquet", tmp_path / "raw")
    assert table.columns == ("x", "y")
    assert "left out '__index_level_0__', an index of pandas" in table.notes[0]
    assert open_raw(tmp_path / "raw").collect().rows() == [(1, "a"), (3, "a"), (2, "b")]
    schema = parquet.read_schema(table.files[0])
    assert b"pandas" not in (schema.metadata or {})


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1]]),
        pa.array([{"a": 1}]),
        pa.array([b"a"]),
        pa.array([NOON], pa.timestamp("us", "Mars/North")),
        pa.array([Decimal(1)], pa.decimal256(50, 0)),
    ],
    ids=lambda column: str(column.type),
)
def test_a_column_that_holds_more_than_one_value_is_refused(
    column: pa.Array, tmp_path: Path
) -> None:
    parquet.write_table(pa.table({"x": column}), tmp_path / "data.parquet")
    with pytest.raises(UserError, match=r"data.parquet: column 'x' is .*; expected one number"):
        read_rows(tmp_path / "data.parquet")


def test_names_are_checked_as_those_of_text_are(tmp_path: Path) -> None:
    file = tmp_path / "data.parquet"
    parquet.write_table(pa.table([pa.array([1])] * 3, [" a", "a", "b "]), file)
    with pytest.raises(UserError, match="'a' is the name of columns 1, 2"):
        read_rows(file)
    parquet.write_table(pa.table({" a ": [1], "*": [2]}), file)
    assert read_rows(file).columns == ["a", "*"]


def test_a_file_without_rows_or_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.parquet"
    parquet.write_table(pa.table({"a": pa.array([], pa.int64())}), file)
    with pytest.raises(UserError, match="names of columns and no rows"):
        read_rows(file)
    parquet.write_table(pa.table({"__index_level_0__": [1]}), file)
    with pytest.raises(UserError, match="has no columns"):
        read_rows(file)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"a,b\n1,2\n" * 9])
def test_what_is_no_parquet_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "data.parquet").write_bytes(content)
    with pytest.raises(UserError, match=r"data.parquet: expected Parquet; it is damaged or"):
        read_rows(tmp_path / "data.parquet")
