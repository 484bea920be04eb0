import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError

ROWS = ["a", "b", "c"]
OF_CLASSES = {
    "id": ROWS,
    "target": ["cat", "dog", "cat"],
    "prediction": ["cat", "cat", "cat"],
    "probability cat": [0.9, 0.6, 0.5],
    "probability dog": [0.1, 0.4, 0.5],
}
OF_VALUES = {"id": ROWS, "target": [1.0, 2.0, 3.0], "prediction": [1.5, 2.5, 3.5]}


def load(columns: dict[str, Any], folder: Path, name: str = "test") -> Predictions:
    pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return Predictions.load(folder / f"{name}.parquet")


def changed(columns: dict[str, Any], column: str, value: Any) -> dict[str, Any]:
    """The table with another value in its second row."""
    first, _, last = columns[column]
    return columns | {column: [first, value, last]}


@pytest.mark.parametrize("columns", [OF_CLASSES, OF_VALUES], ids=["classes", "values"])
def test_a_sound_table_is_read(columns: dict[str, Any], tmp_path: Path) -> None:
    assert load(columns, tmp_path).ids == ROWS


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("probability cat", np.nan, "probability cat=nan: expected a finite number"),
        ("probability dog", np.inf, "probability dog=inf: expected a finite number"),
        ("probability dog", None, "probability dog=None: expected a finite number"),
        ("probability cat", -0.1, "probability cat=-0.1: expected 0 or more"),
        ("probability cat", 0.602, "sum of the probabilities=1.002: expected 1, within 0.001"),
        ("id", "a", "id=a: expected each row once"),
        ("id", None, "id=None: expected the name of the row"),
        ("target", None, "target=None: expected a class. Valid: cat, dog"),
        ("target", "dogs", "target=dogs: expected a class. Did you mean 'dog'? Valid: cat, dog"),
        ("prediction", "cow", "prediction=cow: expected a class. Valid: cat, dog"),
    ],
)
def test_a_table_of_classes_is_refused_by_the_row_that_is_wrong(
    column: str, value: Any, told: str, tmp_path: Path
) -> None:
    place = f"test.parquet: row 2, id {None if column == 'id' and value is None else 'b'!r}"
    place = place.replace("'b'", "'a'") if value == "a" else place
    with pytest.raises(UserError, match=re.escape(f"{place}: {told}")):
        load(changed(OF_CLASSES, column, value), tmp_path)


@pytest.mark.parametrize("column", ["target", "prediction"])
@pytest.mark.parametrize("value", [None, np.nan, np.inf, -np.inf])
@pytest.mark.ml_test_score("mon-5")
def test_a_table_of_values_is_refused_by_the_row_that_is_no_number(
    column: str, value: Any, tmp_path: Path
) -> None:
    told = f"row 2, id 'b': {column}={value}: expected a finite number"
    with pytest.raises(UserError, match=re.escape(told)):
        load(changed(OF_VALUES, column, value), tmp_path)


def test_all_wrong_rows_are_counted(tmp_path: Path) -> None:
    wrong = OF_VALUES | {"prediction": [np.nan, 2.0, np.nan]}
    with pytest.raises(UserError, match=r"row 1, .*finite number\. \(2 such rows\)"):
        load(wrong, tmp_path)


def test_probabilities_may_be_rounded(tmp_path: Path) -> None:
    rounded = changed(OF_CLASSES, "probability cat", 0.6005)
    assert load(rounded, tmp_path).ids == ROWS


@pytest.mark.parametrize("column", ["id", "target", "prediction"])
def test_a_missing_column_is_named(column: str, tmp_path: Path) -> None:
    rest = {name: values for name, values in OF_VALUES.items() if name != column}
    with pytest.raises(UserError, match=rf"test\.parquet: no column {column}\. .*Valid: "):
        load(rest, tmp_path)


def test_classes_without_probabilities_are_no_values(tmp_path: Path) -> None:
    rest = {name: values for name, values in OF_CLASSES.items() if " " not in name}
    with pytest.raises(UserError, match="target: String: expected numbers, or else a column"):
        load(rest, tmp_path)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    empty = {name: pl.Series(values[:0]) for name, values in OF_VALUES.items()}
    with pytest.raises(UserError, match=r"test\.parquet: no rows"):
        load(empty, tmp_path)


def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "test.parquet").write_text("id,target\n", "utf-8")
    for name in ("test.parquet", "val.parquet"):
        with pytest.raises(UserError, match=rf"{name}: no predictions table \(") as refused:
            Predictions.load(tmp_path / name)
        assert "\n" not in str(refused.value)


def test_a_row_is_a_test_row_in_one_fold_and_a_row_of_validation_in_several(
    tmp_path: Path,
) -> None:
    columns = OF_VALUES | {"id": ["a", "a", "c"], "fold": [0, 1, 0]}
    assert load(columns, tmp_path, "val").ids == ["a", "a", "c"]
    with pytest.raises(UserError, match="each row once"):
        load(columns, tmp_path, "test")
    with pytest.raises(UserError, match="each row once"):
        load(columns | {"fold": [0, 0, 0]}, tmp_path, "val")
