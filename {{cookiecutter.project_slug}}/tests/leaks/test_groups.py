import numpy as np
import polars as pl
from leak_rows import prepared

from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.groups import shared_groups


def test_groups_in_several_parts_are_found() -> None:
    part = ["train", "test", "train", "train", "val", "train", "test"]
    table = prepared({"row": np.arange(7)}).with_columns(part=pl.Series(part))
    table = table.with_columns(person=pl.Series(["a", "a", "b", "b", "c", None, None]))
    (found,) = shared_groups(table.lazy(), "person")
    assert (found.kind, found.rows, found.examples) == (Kind.groups, 1, ["a"])
    assert "data.group=person" in found.message


def test_groups_that_stay_in_one_part_or_fold_are_no_leak() -> None:
    table = prepared({"person": np.arange(100) // 4}).with_columns(part=pl.col("person") % 5)
    assert shared_groups(table.lazy(), "person") == []
    assert shared_groups(table.head(0).lazy(), "person") == []


def test_groups_in_several_folds_count_all_their_rows() -> None:
    table = prepared({"person": np.arange(100) // 4}).with_columns(part=pl.int_range(pl.len()) % 5)
    (found,) = shared_groups(table.lazy(), "person")
    assert found.rows == 100
