from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration import directions
from {{ cookiecutter.package_name }}.exploration.data import ExplorationData
from {{ cookiecutter.package_name }}.exploration.directions import (
    Directions,
    find_directions,
    principal,
    standardised,
)


def found_in(data: ExplorationData) -> Directions:
    found = find_directions(data, data.features)
    assert found is not None
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.integers(0, 2**32), some.integers(3, 30), some.integers(2, 12))
def test_places_and_shares_are_those_of_sklearn_up_to_the_sign(
    seed: int, rows: int, columns: int
) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=(rows, columns)) * random.uniform(0.1, 10, columns) + 5
    places, shares = principal(values, 2)
    expected = PCA(2)
    there = expected.fit_transform(values)
    signs = np.sign((places * there).sum(axis=0))
    np.testing.assert_allclose(places * signs, there, atol=1e-7)
    np.testing.assert_allclose(shares, expected.explained_variance_ratio_, atol=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.integers(0, 2**32), some.integers(1, 4))
def test_shares_fall_sum_to_at_most_one_and_to_one_over_all_directions(seed: int, k: int) -> None:
    values = np.random.default_rng(seed).normal(size=(20, 4))
    shares = principal(values, k)[1]
    assert (np.diff(shares) <= 0).all()
    assert shares.sum() <= 1 + 1e-12
    assert principal(values, 4)[1].sum() == pytest.approx(1)


def test_which_way_a_direction_points_does_not_hang_on_the_last_digit() -> None:
    values = standardised(np.random.default_rng(0).normal(size=(50, 2)))
    places, _ = principal(values, 2)  # of two columns, either direction has equal parts of both
    for digit in (1e-12, -1e-12):
        moved = values.copy()
        moved[0, 0] += digit
        np.testing.assert_allclose(principal(moved, 2)[0], places, atol=1e-6)


def test_columns_are_standardised_and_missing_values_stand_for_nothing() -> None:
    values = np.array([[1.0, 5, 7, np.nan], [3, np.nan, 7, np.nan], [5, 9, 7, np.nan]])
    root = np.sqrt(1.5)
    np.testing.assert_allclose(standardised(values), [[-root, -1], [0, 0], [root, 1]])


def test_the_picture_is_of_standardised_training_rows() -> None:
    data = cancer()
    train = (data.split == "train").to_numpy()
    numbers = data.frame.loc[train, data.features].to_numpy()
    expected = PCA(2).fit(StandardScaler().fit_transform(numbers))
    found = found_in(data)
    np.testing.assert_allclose(found.shares, expected.explained_variance_ratio_)
    assert (found.columns, found.unit, len(found.places)) == (30, "columns of numbers", train.sum())
    classes = np.array(found.groups.names)[found.groups.codes]
    assert classes.tolist() == data.frame.loc[train, "diagnosis"].tolist()


def test_what_held_out_rows_hold_changes_nothing() -> None:
    data = cancer(columns=5)
    held_out = (data.split != "train").to_numpy()
    frame = data.frame.copy()
    frame.loc[held_out, data.features] = 1e6
    frame.loc[held_out, "diagnosis"] = "benign"
    before, after = found_in(data), found_in(replace(data, frame=frame))
    np.testing.assert_array_equal(after.places, before.places)
    np.testing.assert_array_equal(after.groups.codes, before.groups.codes)


def test_rows_and_columns_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directions, "MOST_POINTS", 40)
    monkeypatch.setattr(directions, "MOST_AXES", 3)
    data = cancer()
    found = find_directions(data, data.features[::-1])
    assert found is not None
    assert (len(found.places), len(found.groups.codes), found.columns) == (40, 40, 3)
    last = replace(data, frame=data.frame[[*data.features[-3:], data.target]])
    np.testing.assert_allclose(found.shares, found_in(last).shares)
    np.testing.assert_allclose(found.places, found_in(last).places)  # drawn with one seed


def test_a_number_to_predict_is_cut_into_thirds() -> None:
    random = np.random.default_rng(0)
    columns = {"a": random.normal(size=90), "b": random.normal(size=90), "y": np.arange(90.0)}
    found = found_in(explored(columns, is_regression=True))
    assert found.groups.names == ["0 to 29", "30 to 59", "60 to 89"]


def test_where_columns_only_describe_a_row_what_the_network_sees_is_taken() -> None:
    pixels = np.random.default_rng(0).normal(size=(8, 5))
    split, ids = ["train"] * 6 + ["test"] * 2, [f"row {number}" for number in range(8)]
    seen = pd.DataFrame(pixels, ids).rename_axis(columns="pixel values").drop(index="row 2")
    data = explored({"size": np.zeros(8), "y": list("abababab")}, split=split, inputs=seen[::-1])
    found = found_in(data)
    places, shares = principal(pixels[[0, 1, 3, 4, 5]], 2)
    np.testing.assert_allclose(found.places, places)
    np.testing.assert_allclose(found.shares, shares)
    assert (found.unit, found.columns) == ("pixel values", 5)
    assert found.groups.codes.tolist() == [0, 1, 1, 0, 1]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"x": [1.0, 2, 3, 4]},
        {"x": [1.0, 2, 3, 4], "same": [1.0] * 4, "word": list("abcd")},
        {"none": [np.nan] * 4, "same": [0.1] * 4},
    ],
)
def test_with_too_little_to_see_there_is_no_picture(columns: dict[str, Any]) -> None:
    data = explored({**columns, "y": list("abab")})
    assert find_directions(data, data.features) is None
    few = explored({"a": [1.0, 2], "b": [2.0, 1], "y": list("ab")})
    assert find_directions(few, few.features) is None
