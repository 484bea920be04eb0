from typing import Any

import numpy as np
import pytest
from tables_to_explore import explored

from {{ cookiecutter.package_name }}.exploration import data as data_of


def test_only_training_rows_with_a_known_target_count_as_training() -> None:
    split = ["train", "val", "test", "train"]
    data = explored({"x": [1, 2, 3, 4], "y": ["a", "a", "b", None]}, split=split)
    assert data.train.frame.index.tolist() == ["row 0"]


def test_where_there_are_folds_every_row_but_those_of_test_is_for_training() -> None:
    split = ["fold 0", "fold 1", "test", "fold 0"]
    data = explored({"x": [1, 2, 3, 4], "y": list("aabb")}, split=split)
    assert data.train.frame["x"].tolist() == [1, 2, 4]
    assert data.parts == ["test", "fold 0", "fold 1"]


def test_numbers_and_categories_are_told_apart_by_their_kind() -> None:
    columns = {"number": [1.5, 2], "whole": [1, 2], "flag": [True, False], "word": ["a", "b"]}
    data = explored({**columns, "y": ["a", "b"]})
    assert data.numbers == ["number", "whole"]
    assert data.categories == ["flag", "word"]


def test_numbers_beyond_what_a_network_can_take_are_missing() -> None:
    data = explored({"x": [1.0, np.inf, -1e300, np.nan], "y": list("abab")})
    assert np.isnan(data.matrix(["x"])).tolist() == [[False, True, True, True]]


def test_a_sample_is_bounded_in_rows_and_cells_keeps_the_order_and_is_always_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = explored({"x": np.arange(100), "y": ["a"] * 100})
    assert data.sampled() is data
    monkeypatch.setattr(data_of, "MOST_ROWS", 40)
    sample = data.sampled()
    assert len(sample.frame) == 40
    assert sample.frame["x"].is_monotonic_increasing
    assert sample.total_rows == 100
    assert sample.frame.equals(data.sampled().frame)
    monkeypatch.setattr(data_of, "MOST_CELLS", 20)  # two columns
    assert len(data.sampled().frame) == 10


def test_one_row_of_each_group_is_independent() -> None:
    group = np.repeat(["a", "b", "c"], [5, 1, 4])
    data = explored({"x": np.arange(10), "y": ["a"] * 10}, group=group)
    assert data.independent.group is not None
    assert data.independent.group.tolist() == ["a", "b", "c"]
    assert explored({"x": [1], "y": ["a"]}).independent.frame.shape == (1, 2)


def test_a_sample_is_from_the_whole_table_and_keeps_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(data_of, "MOST_ROWS", 100)
    sample = explored({"x": np.arange(1000), "y": ["a"] * 1000}).sampled()
    drawn = sample.frame["x"].to_numpy()
    assert (len(drawn), sample.total_rows) == (100, 1000)
    assert (np.diff(drawn) > 0).all()
    assert np.histogram(drawn, 4, (0, 1000))[0].min() >= 10  # of each quarter


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "z"}, "frame: expected distinct columns, one of them 'z'"),
        ({"split": ["test", "test"]}, "split: expected training rows whose target is known"),
    ],
)
def test_data_that_cannot_be_explored_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explored({"x": [1, 2], "y": ["a", "b"]}, **options)


def test_every_row_needs_its_part() -> None:
    data = explored({"x": [1, 2], "y": ["a", "b"]})
    with pytest.raises(ValueError, match="split has 1 rows, frame has 2"):
        data_of.ExplorationData(data.frame, "y", is_regression=False, split=data.split[:1])
