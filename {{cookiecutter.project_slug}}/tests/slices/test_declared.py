from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from toy_tables import table, values

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.slices.declared import rows_where


@pytest.fixture
def described() -> Predictions:
    """Six rows of the classes a and b in turn, with a number, a word and missing values."""
    facts = {
        "size": [1.0, 2.0, None, 4.0, 5.0, 6.0],
        "kind of row": ["x", "y", "x", None, "y", "x"],
    }
    return replace(table(6, 6), facts=pl.DataFrame(facts))


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("size > 2", [3, 4, 5]),
        ("size is null", [2]),
        ("\"kind of row\" = 'x' and size < 5", [0]),
        ("target = 'b'", [1, 3, 5]),
        ("size between 2 and 4 or target = 'a'", [0, 1, 2, 3, 4]),
        ("size > 100", []),
    ],
)
@pytest.mark.ml_test_score("model-6")
def test_a_condition_in_sql_chooses_the_rows(
    described: Predictions, where: str, rows: list[int]
) -> None:
    assert np.flatnonzero(rows_where(described, where, "one")).tolist() == rows


def test_values_are_targets_as_they_are() -> None:
    assert rows_where(values(1.0), "target >= 57", "high").sum() == 1


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("siz > 2", "evaluation.slices, one: where: siz > 2: siz: no such fact. Did you mean"),
        ("size >", "no SQL condition"),
        ("", "no SQL condition"),
        ("'kind of row' > 2", "evaluation.slices, one: where"),
        ("max(size) > 2", "expected a condition for each row"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(
    described: Predictions, where: str, message: str
) -> None:
    with pytest.raises(UserError) as refused:
        rows_where(described, where, "one")
    assert message in str(refused.value)
