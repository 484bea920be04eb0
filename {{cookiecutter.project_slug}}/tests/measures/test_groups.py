from dataclasses import replace

import numpy as np
import polars as pl
from toy_tables import table

from {{ cookiecutter.package_name }}.measures.groups import group_means, groups_of


def test_each_row_without_a_group_stands_for_itself() -> None:
    names = ["a", "a", None, None, "b", "None"]
    groups = groups_of(replace(table(3, rows=6), facts=pl.DataFrame({"group": names})))
    assert groups is not None
    assert len(np.unique(groups)) == 5  # a, b, a group of the name None, and two rows


def test_a_group_weighs_as_much_as_it_has_rows() -> None:
    values = np.array([1.0, 1.0, 1.0, 5.0])
    means = group_means(values, np.array(["a", "a", "a", "b"]))
    assert means.tolist() == [1.5, 2.5]  # sums over the mean size, which is 2
    assert means.mean() == values.mean()
