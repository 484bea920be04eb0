import numpy as np
import pytest
from tables_to_explore import cancer, explored

from {{ cookiecutter.package_name }}.exploration.distributions import (
    distribution,
    target_groups,
)


def test_shares_of_each_class_are_of_its_own_rows_in_shared_bins() -> None:
    columns = {"x": [0, 0, 1, 1, 1, 2], "y": list("aabbbb")}
    data = explored(columns)
    found = distribution(data, "x", target_groups(data))
    assert found.edges is not None
    assert found.edges.tolist() == [-0.5, 0.5, 1.5, 2.5]
    assert found.shares["a"].tolist() == [1, 0, 0]
    assert found.shares["b"].tolist() == [0, 0.75, 0.25]
    assert found.beyond == 0


def test_far_values_are_left_out_of_the_axis_and_counted() -> None:
    x = np.concatenate([np.random.default_rng(0).normal(size=950), np.full(50, -999.0)])
    data = explored({"x": x, "y": np.resize(["a", "b"], 1000)})
    found = distribution(data, "x", target_groups(data))
    assert found.edges is not None
    assert found.edges[0] > -10
    assert 0.05 <= found.beyond < 0.08
    assert found.shares.sum().max() < 0.97


def test_the_largest_value_is_in_the_last_bin() -> None:
    data = explored({"x": np.repeat([0.25, 1.75], 20), "y": np.resize(["a", "b"], 40)})
    found = distribution(data, "x", target_groups(data))
    assert found.beyond == 0
    assert found.shares.iloc[-1].tolist() == [0.5, 0.5]


def test_only_training_rows_are_drawn() -> None:
    split = np.resize(["train", "test"], 40)
    x = np.where(split == "train", 0.0, 9.0)
    data = explored({"x": x, "y": np.repeat(["a", "b"], 20)}, split=split)
    found = distribution(data, "x", target_groups(data))
    assert found.shares.to_numpy().tolist() == [[1, 1]]


def test_rare_values_are_not_drawn_but_counted_and_missing_is() -> None:
    word = np.array(
        ["a"] * 40 + ["b"] * 30 + [f"rare {number}" for number in range(20)] + ["c"] * 8
    )
    data = explored({"x": [*word, None, None], "y": np.resize(["p", "q"], 100)})
    found = distribution(data, "x", target_groups(data))
    assert found.edges is None
    assert found.shares.index[:3].tolist() == ["a", "b", "c"]
    assert found.shares.index[-1] == "missing"
    assert not any("other" in name for name in found.shares.index)
    assert found.beyond == pytest.approx(0.16)  # 16 of the 20 are beyond the seven bars


@pytest.mark.parametrize("x", [[np.nan] * 4, [5.0] * 4, [1e-300, 2e-300, 0.5e-300, 1e-300]])
def test_columns_without_spread_have_bins_too(x: list[float]) -> None:
    data = explored({"x": x, "y": list("abab")})
    found = distribution(data, "x", target_groups(data))
    assert found.edges is not None
    assert (np.diff(found.edges) > 0).all()
    assert found.shares.to_numpy().max() <= 1


def test_a_target_of_numbers_is_cut_in_three() -> None:
    data = explored({"x": np.arange(9), "y": np.arange(9.0)}, is_regression=True)
    assert target_groups(data).names == ["0 to 2", "3 to 5", "6 to 8"]


def test_the_rarest_of_many_classes_are_one_group() -> None:
    data = explored({"x": np.arange(18), "y": [*np.resize(list("abcde"), 15), "f", "g", "h"]})
    assert target_groups(data).names == ["a", "b", "c", "d", "e", "other (3 values)"]
    assert len(target_groups(cancer()).names) == 2
