import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.leaks.alone import (
    balanced_accuracy,
    explained,
    promising,
)

RANDOM = np.random.default_rng(0)
TARGET = RANDOM.integers(0, 4, 400).astype(np.int32)
NOISE = RANDOM.permutation(400).astype(np.int32) + 1


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.permutations(range(1, 5)), st.booleans())
def test_any_recoding_of_the_classes_puts_every_row_right(codes: list[int], ordered: bool) -> None:
    feature = np.array(codes, dtype=np.int32)[TARGET]
    assert balanced_accuracy(feature, TARGET, ordered=ordered) == 1


def test_noise_is_right_by_chance_only() -> None:
    assert balanced_accuracy(NOISE, TARGET, ordered=True) < 0.4


def test_a_name_for_each_row_says_nothing_of_rows_held_out() -> None:
    assert balanced_accuracy(NOISE, TARGET, ordered=False) == 0


def test_every_class_counts_the_same() -> None:
    rare = (np.arange(1000) % 50 == 0).astype(np.int32)
    assert balanced_accuracy(np.ones(1000, np.int32), rare, ordered=True) == pytest.approx(0.5)


def test_half_of_a_class_that_is_mistaken_costs_half_of_its_share() -> None:
    target = np.repeat(np.array([0, 1], dtype=np.int32), 100)
    feature = np.repeat(np.array([1, 1, 1, 2], dtype=np.int32), 50)
    assert balanced_accuracy(feature, target, ordered=False) == pytest.approx(0.75)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(30, 300), st.booleans())
def test_any_order_explains_what_it_orders(rows: int, turned: bool) -> None:
    ranks = np.random.default_rng(rows).permutation(rows)
    feature = (rows - ranks if turned else ranks + 1).astype(np.int32)
    assert explained(feature, ranks / rows, ordered=True) == pytest.approx(1)


def test_noise_explains_nothing() -> None:
    assert explained(NOISE, RANDOM.random(400), ordered=True) < 0.2


def test_a_constant_explains_nothing() -> None:
    ones = np.ones(400, np.int32)
    assert explained(ones, RANDOM.random(400), ordered=True) == 0
    assert explained(NOISE, np.ones(400), ordered=True) == 0


def test_features_that_follow_the_target_are_promising_and_others_are_not() -> None:
    codes = np.stack([NOISE, TARGET + 1, np.zeros(400, np.int32)], axis=1)
    everything = np.zeros(3, dtype=np.bool_)
    assert promising(codes, TARGET, everything) == [1]
    assert promising(codes, TARGET / 4, everything) == [1]


def test_unordered_values_are_neighbors_only_where_they_are_equal() -> None:
    target = np.sort(TARGET)
    codes = np.arange(1, 401, dtype=np.int32)[:, None]
    assert promising(codes, target, np.array([False])) == [0]
    assert promising(codes, target, np.array([True])) == []
