from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.predictions import Predictions

CLASSES = ["10", "9", "probability \0", "grün, 'x'"]  # not in alphabetical order


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
        ("b", "9", "probability \0"),
        ("c", "10", "10"),
        ("d", "grün, 'x'", "grün, 'x'"),
    ]


def test_confusion_has_targets_in_rows_and_keeps_classes_that_never_occur(
    table: Predictions,
) -> None:
    assert table.correct.tolist() == [True, False, True, True]
    assert table.confusion.tolist() == [[2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_a_split_without_a_class_keeps_it(table: Predictions, tmp_path: Path) -> None:
    table.select(np.array([0, 1])).save(tmp_path / "test.parquet")
    found = Predictions.load(tmp_path / "test.parquet")
    assert (found.classes, found.targets.tolist()) == (CLASSES, [0, 1])


@pytest.mark.parametrize(
    "chosen", [np.array([False, True, False, True]), np.array([1, 3])], ids=["mask", "places"]
)
def test_chosen_rows_keep_all_that_is_known_of_them(table: Predictions, chosen: Any) -> None:
    known = replace(table, fold=np.arange(4), facts=pl.DataFrame({"size": [5, 6, 7, 8]}))
    found = known.select(chosen)
    assert (found.ids, found.targets.tolist()) == (["b", "d"], [1, 3])
    np.testing.assert_array_equal(found.outputs, table.outputs[[1, 3]])
    assert found.fold is not None
    assert found.facts is not None
    assert (found.fold.tolist(), found.facts["size"].to_list()) == ([1, 3], [6, 8])
    few = table.select(chosen)
    assert (few.fold, few.facts) == (None, None)


def test_facts_are_columns_of_their_own_and_read_back_by_their_names(
    table: Predictions, tmp_path: Path
) -> None:
    columns = {"id": [1, 2, 3, None], "fact x": list("wxyz"), "group": ["g", "g", "h", None]}
    facts = pl.DataFrame(columns)
    replace(table, facts=facts).save(tmp_path / "test.parquet")
    written = set(pl.read_parquet(tmp_path / "test.parquet").columns)
    assert {"id", "group", "fact id", "fact fact x"} <= written
    found = Predictions.load(tmp_path / "test.parquet")
    assert found.facts is not None
    assert found.facts.select(facts.columns).equals(facts)
    assert found.ids == table.ids
    both = Predictions.together([found, replace(found, ids=list("efgh"))], [0, 1])
    assert both.facts is not None
    assert both.facts["fact x"].to_list() == list("wxyzwxyz")


@pytest.fixture
def values() -> Predictions:
    return Predictions(["a", "b"], [], np.array([1.5, -2.0]), np.array([1.0, 4.0]))


def test_a_table_of_values_reads_back_the_same_and_has_no_classes(
    values: Predictions, tmp_path: Path
) -> None:
    values.save(tmp_path / "test.parquet")
    assert pl.read_parquet(tmp_path / "test.parquet").columns == ["id", "target", "prediction"]
    found = Predictions.load(tmp_path / "test.parquet")
    assert (found.ids, found.classes, found.fold, found.facts) == (values.ids, [], None, None)
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
