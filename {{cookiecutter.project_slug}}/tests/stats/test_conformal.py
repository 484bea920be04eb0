import math

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.stats.conformal import conformal_half_width


def test_it_is_the_error_of_the_rank_that_new_rows_need() -> None:
    errors = np.arange(1, 100) * np.where(np.arange(99) % 2, -1, 1)  # 1 to 99 in size
    assert conformal_half_width(errors, 0.9) == 90  # ceil(100 * 0.9)
    assert conformal_half_width(errors, 0.99) == 99


def test_too_few_rows_for_the_level_give_no_interval() -> None:
    assert conformal_half_width(np.ones(8), 0.9) == math.inf
    assert conformal_half_width(np.ones(9), 0.9) == 1


@pytest.mark.parametrize("rows", [20, 200])
def test_new_targets_are_inside_at_least_as_often_as_it_says(rows: int) -> None:
    random = np.random.default_rng(0)
    errors = random.standard_t(2, size=(600, rows + 50))
    held = [np.abs(one[rows:]) <= conformal_half_width(one[:rows], 0.9) for one in errors]
    assert 0.895 <= np.mean(held) <= 0.9 + 2 / rows


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match=r"errors\[1\] is nan"):
        conformal_half_width([0.0, math.nan])
