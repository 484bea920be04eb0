import numpy as np
import pytest
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration.overview import (
    copies,
    overview,
    target_by_part,
)


def test_rows_columns_and_parts_are_counted() -> None:
    data = cancer()
    found = overview(data)
    assert (found["rows"], found["total"], found["numbers"], found["categories"]) == (
        569,
        569,
        30,
        0,
    )
    assert list(found["parts"]) == ["train", "val", "test"]
    assert sum(found["parts"].values()) == 569
    assert found["training"] == found["parts"]["train"]


def test_rows_alike_in_every_feature_are_counted_and_those_in_another_part() -> None:
    columns = {"x": [1, 1, 2, 2, 3], "word": ["a", "a", "b", "b", "c"], "y": list("pqpqp")}
    split = ["train", "train", "train", "test", "test"]
    assert copies(explored(columns, split=split)) == (2, 1)
    assert copies(explored({"y": ["a", "b"]})) == (0, 0)


def test_the_classes_of_each_part_are_counted_and_their_shares_drawn() -> None:
    split = ["train"] * 4 + ["test"] * 2
    shares, table, edges = target_by_part(explored({"y": list("aaabab")}, split=split))
    assert edges is None
    assert shares.to_dict() == {"train": {"a": 0.75, "b": 0.25}, "test": {"a": 0.5, "b": 0.5}}
    assert table == [
        ["class", "train", "test"],
        ["a", "3 (75.0%)", "1 (50.0%)"],
        ["b", "1 (25.0%)", "1 (50.0%)"],
    ]


def test_a_target_of_numbers_is_described_in_each_part() -> None:
    split = np.repeat(["train", "test"], 20)
    y = np.concatenate([np.arange(20.0), np.arange(20.0) + 0.5])
    shares, table, edges = target_by_part(explored({"y": y}, split=split, is_regression=True))
    assert edges is not None
    assert len(shares) == len(edges) - 1
    assert table[1][:3] == ["train", "20", "9.5"]
    assert table[2][:3] == ["test", "20", "10"]


def test_rows_without_a_target_are_in_no_class() -> None:
    shares, table, _ = target_by_part(explored({"y": ["a", "a", None, "b"]}))
    assert shares["train"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert len(table) == 3
