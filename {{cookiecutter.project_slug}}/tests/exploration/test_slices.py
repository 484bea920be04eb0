import numpy as np
import pandas as pd
import pytest
from tables_to_explore import explored, two_classes

from {{ cookiecutter.package_name }}.exploration.slices import (
    class_to_show,
    overall,
    slice_by,
)
from {{ cookiecutter.package_name }}.stats.bootstrap import bootstrap_mean
from {{ cookiecutter.package_name }}.stats.intervals import wilson


def test_the_share_of_a_class_is_counted_in_each_slice_with_wilsons_interval() -> None:
    columns, generator = two_classes(600)
    columns["word"] = generator.choice(["a", "b", "c"], 600, p=[0.6, 0.35, 0.05])
    found = slice_by(explored(columns), "word", "yes")
    for name, row in found.iterrows():
        inside = columns["y"][columns["word"] == name]
        interval = wilson(int((inside == "yes").sum()), len(inside))
        assert row["rows"] == len(inside)
        assert (row["value"], row["low"], row["high"]) == (
            interval.value,
            interval.low,
            interval.high,
        )
    assert found["few"].tolist() == [False, False, True]


def test_the_mean_of_a_number_has_the_bootstraps_interval_in_bins_of_equal_counts() -> None:
    x = np.arange(100.0)
    data = explored({"x": x, "y": x**2}, is_regression=True)
    found = slice_by(data, "x")
    assert found["rows"].tolist() == [20] * 5
    expected = bootstrap_mean(x[:20] ** 2)
    first = found.iloc[0]
    assert first[["value", "low", "high"]].tolist() == [expected.value, expected.low, expected.high]
    assert overall(data, None) == (x**2).mean()


def test_the_mean_of_many_rows_has_nearly_the_same_interval() -> None:
    target = np.random.default_rng(0).exponential(size=2000)
    found = slice_by(explored({"x": ["a"] * 2000, "y": target}, is_regression=True), "x").iloc[0]
    expected = bootstrap_mean(target)
    assert found["low"] == pytest.approx(expected.low, abs=0.01)
    assert found["high"] == pytest.approx(expected.high, abs=0.01)


def test_a_slice_of_one_row_has_a_mean_and_no_interval() -> None:
    data = explored({"x": ["a", "b", "b"], "y": [1.0, 2.0, 4.0]}, is_regression=True)
    found = slice_by(data, "x")
    assert found["value"].to_dict() == {"a": 1.0, "b": 3.0}
    assert np.isnan(found["low"]["a"])


def test_missing_values_are_a_slice() -> None:
    columns, _ = two_classes(100)
    columns["x"] = np.where(np.arange(100) < 60, np.nan, 1.0)
    assert slice_by(explored(columns), "x")["rows"].to_dict() == {"1": 40, "missing": 60}


def test_only_training_rows_are_counted_one_of_each_group() -> None:
    columns, _ = two_classes(100)
    columns["x"] = ["k"] * 100
    split = np.where(np.arange(100) < 60, "train", "test")
    assert slice_by(explored(columns, split=split), "x")["rows"].tolist() == [60]
    grouped = explored(columns, split=split, group=np.arange(100) // 2)
    assert slice_by(grouped, "x")["rows"].tolist() == [30]


def test_of_two_classes_the_rarer_is_shown_and_of_more_the_one_that_varies_most() -> None:
    assert class_to_show(explored({"x": ["a"] * 3, "y": ["no", "no", "yes"]}), "x") == "yes"
    word = np.repeat(["a", "b"], 300)
    target = np.concatenate([np.resize(list("pqrr"), 300), np.resize(list("pqqq"), 300)])
    assert class_to_show(explored({"x": word, "y": target}), "x") in "qr"
    data = explored({"x": word, "y": target})
    assert overall(data, "r") == pytest.approx(0.25)
    assert isinstance(slice_by(data, "x"), pd.DataFrame)
