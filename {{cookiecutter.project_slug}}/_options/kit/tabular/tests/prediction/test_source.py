from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
import small_data

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.prediction.source import Source, windows
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.mark.ml_test_score("mon-2")
def test_rows_are_encoded_as_in_preparation(rows: Path, model: Path, pipeline: Path) -> None:
    known = load_split(pipeline / "data/prepared", "test")
    (chunk,) = Source(rows, model, ["id"]).chunks(0)
    places = [chunk.named["id"].to_list().index(name) for name in known.ids]
    np.testing.assert_array_equal(chunk.inputs[places], known.inputs)


def test_the_target_and_other_columns_need_not_be_there(model: Path, tmp_path: Path) -> None:
    needed = [small_data.SIZE, "fold", small_data.COLOR, "^never.*$"]
    few = [{name: row[name] for name in needed} for row in small_data.table(5)]
    (chunk,) = Source(small_data.write_csv(tmp_path / "few.csv", few), model, []).chunks(0)
    assert chunk.named["row"].to_list() == [1, 2, 3, 4, 5]


def test_chunks_begin_where_they_are_asked_to_whatever_the_files(rows: Path, model: Path) -> None:
    source = Source(rows, model, [])
    source.size = 32
    every = [chunk.named["row"].to_list() for chunk in source.chunks(0)]
    assert [len(numbers) for numbers in every] == [32, 32, 32, 24]
    assert [chunk.named["row"].to_list() for chunk in source.chunks(2)] == every[2:]


@pytest.mark.ml_test_score("mon-2")
def test_all_that_is_wrong_with_a_row_is_told(model: Path, tmp_path: Path) -> None:
    table = small_data.table(3)
    table[1] |= {"fold": "much", "^never.*$": "perhaps"}
    (chunk,) = Source(small_data.write_csv(tmp_path / "a.csv", table), model, []).chunks(0)
    assert chunk.bad.rows() == [(2, "fold=much: no number; ^never.*$=perhaps: no boolean")]
    assert chunk.named["row"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ("ids", r"'ids' is missing, which keep= names\. Did you mean 'id'\?"),
        ("prediction", "keep=prediction: the table of predictions has a column of this name"),
    ],
)
def test_columns_that_cannot_be_kept_are_told(
    keep: str, message: str, model: Path, tmp_path: Path
) -> None:
    table = [row | {"prediction": "x"} for row in small_data.table(3)]
    file = small_data.write_csv(tmp_path / "a.csv", table)
    with pytest.raises(UserError, match=message):
        Source(file, model, [keep])


def test_a_column_that_the_model_needs_is_asked_for(model: Path, tmp_path: Path) -> None:
    table = [{"folds": row["fold"], "id": row["id"]} for row in small_data.table(3)]
    file = small_data.write_csv(tmp_path / "a.csv", table)
    with pytest.raises(UserError, match=r"'split' is missing, which the model needs"):
        Source(file, model, [])


def test_names_of_columns_are_no_more_than_names(model: Path, tmp_path: Path) -> None:
    (chunk,) = Source(
        small_data.write_csv(tmp_path / "a.csv", small_data.table(4)), model, ["^never.*$"]
    ).chunks(0)
    assert chunk.named["^never.*$"].to_list() == ["yes", "no", "yes", "no"]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_windows_hold_every_row_once_in_order(size: int) -> None:
    batches = [
        pa.RecordBatch.from_arrays([pa.array(range(start, end), pa.int64())], ["row"])
        for start, end in ((0, 1), (1, 1), (1, 12), (12, 20))
    ]
    found = [pl.DataFrame(table)["row"].to_list() for table in windows(batches, size)]
    assert [row for part in found for row in part] == list(range(20))
    assert {len(part) for part in found[:-1]} <= {size}
