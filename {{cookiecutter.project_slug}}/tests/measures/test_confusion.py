import csv
import io

import numpy as np

from {{ cookiecutter.package_name }}.measures.confusion import BINS, confusion_csv
from {{ cookiecutter.package_name }}.predictions import Predictions


def rows_of(table: Predictions) -> list[list[str]]:
    return list(csv.reader(io.StringIO(confusion_csv(table))))


def values(targets: list[float], outputs: list[float]) -> Predictions:
    names = [str(row) for row in range(len(targets))]
    return Predictions(names, [], np.array(targets), np.array(outputs))


def test_classes_with_commas_quotes_and_newlines_survive_as_csv() -> None:
    names = ['left, "quoted"', "two\nlines"]
    table = Predictions(["1"], names, np.array([0]), np.array([[0.2, 0.8]]))
    assert rows_of(table) == [["target", "prediction"], names]


def test_values_are_put_into_fifths_of_the_targets() -> None:
    targets = np.arange(100.0)
    head, *rows = rows_of(values(targets.tolist(), (targets - 20).tolist()))
    assert head == ["target", "prediction"]
    names = sorted({target for target, _ in rows})
    assert len(names) == BINS
    assert names[0] == "1: up to 19.8"
    assert names[1] == "2: above 19.8 up to 39.6"
    assert names[4] == "5: above 79.2"
    assert [[target for target, _ in rows].count(name) for name in names] == [20] * BINS
    moved = [(int(target[0]), int(prediction[0])) for target, prediction in rows]
    assert all(prediction == max(1, target - 1) for target, prediction in moved)


def test_predictions_beyond_every_target_are_in_the_outermost_fifths() -> None:
    rows = rows_of(values([1.0, 2, 3, 4, 5], [-1e9, 1e9, 3, 4, 5]))[1:]
    assert (rows[0][1][:2], rows[1][1][:2]) == ("1:", "5:")


def test_targets_of_one_value_have_one_side_and_the_other() -> None:
    rows = rows_of(values([2.0, 2.0, 2.0], [2.0, 1.0, 3.0]))[1:]
    assert rows == [["1: up to 2", "1: up to 2"], ["1: up to 2"] * 2, ["1: up to 2", "2: above 2"]]
