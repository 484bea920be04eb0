from pathlib import Path

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.predictions import Predictions

CLASSES = ["10", "9", "probability ", "grün, 'x'"]  # not in alphabetical order


@pytest.fixture
def table() -> Predictions:
    probabilities = np.array(
        [[0.7, 0.1, 0.1, 0.1], [0.2, 0.3, 0.4, 0.1], [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.1, 0.6]]
    )
    return Predictions(["a", "b", "c", "d"], CLASSES, np.array([0, 1, 0, 3]), probabilities)


def test_a_saved_table_reads_back_the_same(table: Predictions, tmp_path: Path) -> None:
    table.save(tmp_path / "network" / "test.parquet")
    found = Predictions.load(tmp_path / "network" / "test.parquet")
    assert (found.ids, found.classes) == (table.ids, CLASSES)
    np.testing.assert_array_equal(found.targets, table.targets)
    np.testing.assert_array_equal(found.probabilities, table.probabilities)


def test_the_file_names_target_and_prediction_of_each_row(
    table: Predictions, tmp_path: Path
) -> None:
    table.save(tmp_path / "test.parquet")
    rows = pl.read_parquet(tmp_path / "test.parquet").select("id", "target", "prediction").rows()
    assert rows == [
        ("a", "10", "10"),
        ("b", "9", "probability "),
        ("c", "10", "10"),
        ("d", "grün, 'x'", "grün, 'x'"),
    ]


def test_confusion_has_targets_in_rows_and_keeps_classes_that_never_occur(
    table: Predictions,
) -> None:
    assert table.correct.tolist() == [True, False, True, True]
    assert table.confusion.tolist() == [[2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_a_table_of_no_rows_reads_back(tmp_path: Path) -> None:
    empty = Predictions([], CLASSES, np.zeros(0, np.int64), np.zeros((0, 4)))
    empty.save(tmp_path / "test.parquet")
    assert Predictions.load(tmp_path / "test.parquet").confusion.sum() == 0
