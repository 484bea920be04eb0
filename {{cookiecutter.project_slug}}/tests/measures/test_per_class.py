import numpy as np

from {{ cookiecutter.package_name }}.measures.per_class import missing_classes, per_class
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.stats.intervals import wilson


def table() -> Predictions:
    """20 rows of a, of which b is said of 5; 9 of b, all right; none of c."""
    targets = np.repeat([0, 1], [20, 9])
    predicted = np.concatenate([np.repeat([0, 1], [15, 5]), np.ones(9, np.int64)])
    ids = [str(row) for row in range(29)]
    return Predictions(ids, ["a", "b", "c"], targets, np.eye(3)[predicted])


def test_recall_is_of_its_rows_and_precision_of_its_name() -> None:
    a, b, _ = per_class(table(), 0.95)
    assert a["recall"] == wilson(15, 20).as_dict()
    assert a["precision"] == wilson(15, 15).as_dict()
    assert b["precision"] == wilson(9, 14).as_dict()
    assert "why" not in a


def test_a_class_of_few_rows_is_not_estimable_and_says_why() -> None:
    _, b, c = per_class(table(), 0.95)
    assert (b["recall"], c["recall"], c["precision"]) == (None, None, None)
    assert b["why"] == "9 rows, fewer than 10: not estimable"


def test_classes_without_rows_are_missing() -> None:
    assert missing_classes(table()) == ["c"]
    assert missing_classes(Predictions(["x"], [], np.zeros(1), np.zeros(1))) == []
