import numpy as np
import pytest

from {{ cookiecutter.package_name }}.leaks.ordinary import Ordinary

ANY = np.full(1, -1)


def drawn(rows: int, columns: int, values: int) -> np.ndarray:
    return np.random.default_rng(0).integers(1, values + 1, (rows, columns)).astype(np.int32)


def test_independent_columns_multiply() -> None:
    codes = drawn(20_000, 4, 5)
    (chance,) = Ordinary.of(codes).twins(codes[:1], ANY)
    assert chance == pytest.approx(5**-4, rel=0.3)


def test_columns_that_repeat_each_other_count_once() -> None:
    codes = drawn(5000, 2, 10)
    twice = np.hstack([codes, codes + 3, 11 - codes]).astype(np.int32)
    once, more = (Ordinary.of(table).twins(table[:1], ANY)[0] for table in (codes, twice))
    assert more == pytest.approx(once, rel=0.3)


def test_a_column_that_need_not_be_equal_is_left_out() -> None:
    codes = drawn(20_000, 5, 5)
    (chance,) = Ordinary.of(codes).twins(codes[:1], np.array([1]))
    assert chance == pytest.approx(5**-4, rel=0.3)


def test_a_row_of_values_that_no_other_has_is_nearly_impossible() -> None:
    codes = np.tile(np.arange(1, 501, dtype=np.int32)[:, None], (1, 6))
    assert Ordinary.of(codes).twins(codes[:1], ANY)[0] < 1e-12


def test_rows_that_are_not_looked_at_closely_are_judged_no_harder() -> None:
    codes = drawn(2000, 3, 4)
    chances = Ordinary.of(codes).twins(codes[:400], np.full(400, -1))
    assert chances.shape == (400,)
    assert (chances > 0.3 * 4**-3).all()


def test_a_table_of_one_row_over_and_over_is_natural() -> None:
    codes = np.ones((50, 3), dtype=np.int32)
    assert Ordinary.of(codes).twins(codes[:1], ANY)[0] == 1
