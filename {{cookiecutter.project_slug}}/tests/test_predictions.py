from dataclasses import replace
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


@pytest.fixture
def values() -> Predictions:
    return Predictions(["a", "b"], [], np.array([1.5, -2.0]), np.array([1.0, 4.0]))


def test_a_table_of_values_reads_back_the_same_and_has_no_classes(
    values: Predictions, tmp_path: Path
) -> None:
    values.save(tmp_path / "test.parquet")
    assert pl.read_parquet(tmp_path / "test.parquet").columns == ["id", "target", "prediction"]
    found = Predictions.load(tmp_path / "test.parquet")
    assert (found.ids, found.classes, found.fold) == (values.ids, [], None)
    np.testing.assert_array_equal(found.targets, values.targets)
    np.testing.assert_array_equal(found.outputs, values.outputs)


def test_an_error_is_the_prediction_minus_the_target(values: Predictions) -> None:
    assert values.predicted.tolist() == [1.0, 4.0]
    assert values.errors.tolist() == [-0.5, 6.0]


def test_tables_of_folds_lie_below_each_other_and_know_their_fold(
    table: Predictions, tmp_path: Path
) -> None:
    other = replace(table, ids=["e", "f", "g", "h"], targets=table.targets[::-1])
    together = Predictions.together([table, other], [0, 3])
    together.save(tmp_path / "test.parquet")
    found = Predictions.load(tmp_path / "test.parquet")
    assert found.ids == [*table.ids, *other.ids]
    assert found.fold is not None
    assert found.fold.tolist() == [0] * 4 + [3] * 4
    np.testing.assert_array_equal(found.targets, [*table.targets, *other.targets])
    np.testing.assert_array_equal(found.outputs, np.concatenate([table.outputs, other.outputs]))
    assert Predictions.together([table], [2]) is table  # one fold by hand: no cross-validation
