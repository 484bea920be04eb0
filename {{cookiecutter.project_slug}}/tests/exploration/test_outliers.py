import numpy as np
import pytest
from scipy.stats import median_abs_deviation
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration.outliers import (
    outlying_columns,
    outlying_rows,
    robust_scale,
    robust_z,
)


def test_distances_are_in_median_absolute_deviations_as_in_scipy() -> None:
    values = np.random.default_rng(0).normal(3, 7, (1, 1001))
    scale = median_abs_deviation(values[0], scale="normal")
    assert robust_scale(values) == pytest.approx(scale, rel=1e-3)
    np.testing.assert_allclose(robust_z(values)[0], (values[0] - np.median(values)) / scale, 1e-3)


def test_many_far_values_do_not_hide_one_another() -> None:
    values = np.random.default_rng(0).normal(size=100)
    values[:20] = 1000
    assert np.abs((values - values.mean()) / values.std()).max() < 3  # the usual z hides them
    found = outlying_columns(explored({"x": values, "y": ["a", "b"] * 50}))
    assert found["share"].to_dict() == {"x": 0.2}
    assert found["count"].to_dict() == {"x": 20}


def test_where_most_values_are_the_same_the_mean_distance_measures() -> None:
    values = np.array([[0.0] * 90 + [1.0] * 9 + [500.0]])
    assert 0 < robust_scale(values)[0] < np.inf
    assert robust_z(values)[0, -1] > 5


def test_constant_and_empty_columns_have_no_outliers() -> None:
    columns = {"constant": [1.0] * 4, "empty": [np.nan] * 4, "y": list("abab")}
    assert outlying_columns(explored(columns)).empty
    assert outlying_rows(explored(columns)).empty
    assert outlying_rows(explored({"word": ["a", "b"], "y": ["a", "b"]})).empty


def test_the_rows_far_in_most_columns_come_first_by_id_with_their_furthest_value() -> None:
    values = np.random.default_rng(0).normal(size=(3, 200))
    values[:, 7] = [40, 50, 60]
    values[1, 9] = -300
    columns = dict(zip("uvw", values, strict=True))
    found = outlying_rows(explored({**columns, "y": ["a", "b"] * 100}))
    assert found.index.tolist() == ["row 7", "row 9"]
    assert found["columns"].tolist() == [3, 1]
    assert found["column"].tolist() == ["w", "v"]
    assert found["value"].tolist() == [60, -300]


def test_no_more_rows_are_listed_than_asked_for() -> None:
    assert len(outlying_rows(cancer(), most=3)) == 3
