"""A predictions table is read as a whole and sound one, or refused with the row that is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..runtime.errors import UserError, nearest

PROBABILITY = "probability "  # and then the class: the columns of a class's probability
TOLERANCE = 1e-3  # within which the probabilities of a row must sum to 1
NEEDED = ("id", "target", "prediction")


def read_table(file: Path) -> tuple[pl.DataFrame, list[str]]:
    """Return the table of ``file``, and its classes: none where values are predicted.

    Raises:
        UserError: that names the file, the row, its id, the value, and what was expected.
    """
    try:
        table = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UserError(f"{file}: no predictions table ({str(error).splitlines()[0]}).") from error
    for column in NEEDED:
        if column not in table.columns:
            raise UserError(f"{file}: no column {column}. {nearest(column, table.columns)}")
    if table.is_empty():
        raise UserError(f"{file}: no rows: expected one for each row of the split.")
    _require_ids(table, file)
    classes = [name.removeprefix(PROBABILITY) for name in table.columns if _is_probability(name)]
    if classes:
        _require_classes(table, classes, file)
        _require_probabilities(table, file)
    else:
        for column in ("target", "prediction"):
            _require_numbers(table, column, file)
    return table, classes


def _is_probability(name: str) -> bool:
    return name.startswith(PROBABILITY)


def _require_ids(table: pl.DataFrame, file: Path) -> None:
    """Refuse missing ids, and those that occur again.

    In cross-validation a row is a test row once, and a row of validation in several folds.
    """
    missing = table["id"].is_null().to_numpy()
    _refuse(table, missing, "id", file, "the name of the row")
    key = ["id", "fold"] if "fold" in table.columns and file.stem != "test" else ["id"]
    again = ~table.select(pl.struct(key).is_first_distinct()).to_series().to_numpy()
    _refuse(table, again, "id", file, "each row once")


def _require_classes(table: pl.DataFrame, classes: list[str], file: Path) -> None:
    for column in ("target", "prediction"):
        found = table[column].cast(pl.String)
        unknown = (~found.is_in(classes) | found.is_null()).fill_null(value=True).to_numpy()
        value = found[int(unknown.argmax())] or ""
        _refuse(table, unknown, column, file, f"a class. {nearest(value, classes)}")


def _require_probabilities(table: pl.DataFrame, file: Path) -> None:
    columns = [name for name in table.columns if _is_probability(name)]
    for column in columns:
        _require_numbers(table, column, file)
        _refuse(table, (table[column] < 0).to_numpy(), column, file, "0 or more")
    sums = table.select(columns).cast(pl.Float64).sum_horizontal()
    off = np.abs(sums.to_numpy() - 1) > TOLERANCE
    shown = table.with_columns(sums.alias("sum of the probabilities"))
    _refuse(shown, off, "sum of the probabilities", file, f"1, within {TOLERANCE}")


def _require_numbers(table: pl.DataFrame, column: str, file: Path) -> None:
    if not table[column].dtype.is_numeric():
        kind = table[column].dtype
        expected = f"numbers, or else a column `{PROBABILITY}CLASS` for each class"
        raise UserError(f"{file}: {column}: {kind}: expected {expected}.")
    values = table[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    _refuse(table, ~np.isfinite(values), column, file, "a finite number")


def _refuse(
    table: pl.DataFrame, wrong: NDArray[np.bool_], column: str, file: Path, expected: str
) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        value, name = table[column][row], table["id"][row]
        more = f" ({wrong.sum()} such rows)" if wrong.sum() > 1 else ""
        raise UserError(
            f"{file}: row {row + 1}, id {name!r}: {column}={value}: expected "
            f"{expected.rstrip('.')}.{more}"
        )
