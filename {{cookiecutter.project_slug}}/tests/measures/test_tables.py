import numpy as np
import pytest
from toy_tables import table, values

from {{ cookiecutter.package_name }}.measures.tables import (
    outputs_hash,
    require_same_rows,
    rows_hash,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def test_the_hash_of_the_test_set_is_that_of_its_rows_whatever_a_model_says_of_them() -> None:
    assert rows_hash(table(0)) == rows_hash(table(400, sure=0.6))
    moved = table(0)
    moved.targets[3] = 1 - moved.targets[3]
    assert rows_hash(moved) != rows_hash(table(0))


def test_the_same_rows_in_another_order_are_not_compared_row_by_row() -> None:
    one = table(300)
    turned = one.select(np.arange(len(one.ids))[::-1])
    with pytest.raises(UserError, match="knn: predictions of different rows cannot be compared"):
        require_same_rows(one, turned, "knn")


def test_the_hash_of_what_a_model_says_is_its_own() -> None:
    assert outputs_hash(table(300)) == outputs_hash(table(300))
    assert outputs_hash(table(300)) != outputs_hash(table(300, sure=0.8))
    assert outputs_hash(values(1.0)) != outputs_hash(values(1.1))
