import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from tables_to_explore import PARTS, cancer, explored, two_classes

from {{ cookiecutter.package_name }}.exploration.shift import (
    compare_parts,
    kolmogorov_smirnov,
)


@pytest.mark.filterwarnings("ignore:ks_2samp")  # of its p-value, which is not asked for
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 30))
def test_the_distance_is_that_of_scipy(seed: int, rows: int, others: int) -> None:
    generator = np.random.default_rng(seed)
    first = generator.integers(0, 6, (2, rows)).astype(np.float64)
    second = generator.normal(3, 2, (2, others)).round(1)
    expected = [ks_2samp(a, b).statistic for a, b in zip(first, second, strict=True)]
    assert kolmogorov_smirnov(first, second) == pytest.approx(expected)


def test_missing_counts_as_the_lowest_value() -> None:
    first, second = np.array([[np.nan, np.nan, 1, 2]]), np.array([[1.0, 2, 1, 2]])
    assert kolmogorov_smirnov(first, second) == pytest.approx(0.5)


def test_numbers_categories_missing_values_and_the_target_that_differ_are_flagged() -> None:
    rows = 2000
    columns, generator = two_classes(rows)
    split = generator.choice(PARTS, rows)
    test = split == "test"
    columns |= {
        "same": generator.normal(size=rows),
        "higher": generator.normal(size=rows) + test,
        "gaps": np.where(test & (generator.random(rows) < 0.4), np.nan, 1.0),
        "word": np.where(test & (generator.random(rows) < 0.5), "new", "old"),
        "y": np.where(test & (generator.random(rows) < 0.5), "yes", columns["y"]),
    }
    found = compare_parts(explored(columns, split=split))
    flagged = found[found["flag"]]
    assert set(flagged["column"]) == {"higher", "gaps", "word", "y"}
    assert set(flagged["part"]) == {"test"}
    by_part = found[found["part"] == "test"].set_index("column")
    assert by_part["standardised"]["higher"] == pytest.approx(1, abs=0.15)
    assert by_part["distance"]["word"] == pytest.approx(0.5, abs=0.1)
    assert by_part["distance"]["gaps"] == pytest.approx(0.4, abs=0.1)


def test_a_difference_too_small_to_matter_is_never_flagged() -> None:
    rows = 100_000
    columns, generator = two_classes(rows)
    split = np.where(np.arange(rows) % 2, "train", "test")
    columns["x"] = generator.normal(size=rows) + 0.05 * (split == "test")
    found = compare_parts(explored(columns, split=split))
    assert float(found["p_value"].min()) < 1e-6
    assert not found["flag"].any()


def test_a_random_split_is_not_flagged() -> None:
    assert not compare_parts(cancer())["flag"].any()


def test_folds_are_each_compared_with_all_other_rows() -> None:
    split = np.resize(["fold 0", "fold 1", "fold 2"], 300)
    x = np.where(split == "fold 1", 5.0, np.resize([0.0, 1.0], 300))
    found = compare_parts(explored({"x": x, "y": ["a", "b"] * 150}, split=split))
    assert set(found["part"]) == {"fold 0", "fold 1", "fold 2"}
    of_x = found[found["column"] == "x"].set_index("part")
    assert of_x["distance"]["fold 1"] == 1
    assert of_x["distance"]["fold 0"] == pytest.approx(0.5, abs=0.02)


def test_one_part_has_nothing_to_be_compared_with() -> None:
    found = compare_parts(explored({"x": [1, 2], "y": ["a", "b"]}))
    assert found.empty
    assert not found["flag"].any()


def test_rows_of_a_group_count_once() -> None:
    group = np.repeat(np.arange(20), 100)
    split = np.where(group % 2, "train", "test")
    x = np.random.default_rng(0).normal(size=20)[group]
    columns = {"x": x, "y": np.resize(["a", "b"], 2000)}
    assert compare_parts(explored(columns, split=split))["flag"].any()
    assert not compare_parts(explored(columns, split=split, group=group))["flag"].any()


def test_a_column_without_values_differs_in_nothing() -> None:
    columns = {"x": [np.nan] * 4, "word": pd.Series([None] * 4, dtype="object").to_numpy()}
    split = ["train", "train", "test", "test"]
    found = compare_parts(explored({**columns, "y": list("abab")}, split=split))
    assert found["distance"].tolist() == [0, 0, 0]
