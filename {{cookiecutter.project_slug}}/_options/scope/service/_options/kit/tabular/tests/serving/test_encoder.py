"""The quick encoding of a request is that of training, value by value."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schema import Feature
from {{ cookiecutter.package_name }}.serving.encoder import Encoder
from {{ cookiecutter.package_name }}.table.encoding import matrix_of
from {{ cookiecutter.package_name }}.table.serving import readable

pytestmark = pytest.mark.ml_test_score("mon-3")

FEATURES = [
    Feature("size", None),
    Feature("^count.*$", None),
    Feature("color", ["1", "2.0", "blue", "red", "true"]),
    Feature("open", ["false", "true"]),
]
KINDS = {"size": "number", "^count.*$": "number", "color": "category", "open": "boolean"}
FACTS = {"decimal_comma": False, "unit": None, "sensitive": False}
COLUMNS = {name: {"kind": kind, **FACTS} for name, kind in KINDS.items()}
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.none() | st.integers(-(2**53), 2**53)
COLORS = ["blue", "red", "green", "1", "2.0", "1.0", "2", "true", " red ", "NA", "", "-", "é"]
ROWS = st.lists(
    st.tuples(NUMBERS, WHOLE, st.none() | st.sampled_from(COLORS), st.none() | st.booleans()),
    min_size=1,
    max_size=8,
)


def through_training(rows: list[dict[str, Any]]) -> Any:
    """The rows as a JSON lines file of them would be read and encoded."""
    table = pl.DataFrame(
        [[row[name] for row in rows] for name in KINDS],
        {"size": pl.Float64, "^count.*$": pl.Int64, "color": pl.String, "open": pl.Boolean},
    )
    return matrix_of(readable(table.lazy(), COLUMNS), FEATURES)


@pytest.mark.slow
@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_it_is_that_of_training(values: list[tuple[Any, ...]]) -> None:
    rows = [dict(zip(KINDS, row, strict=True)) for row in values]
    sent = json.loads(json.dumps(rows))
    np.testing.assert_array_equal(Encoder(FEATURES).encode(sent), through_training(rows))


@pytest.mark.slow
@given(st.lists(st.none() | st.integers(-5, 5) | st.floats(-5, 5) | st.booleans(), min_size=1))
@settings(max_examples=100, deadline=None)
def test_a_category_may_be_sent_as_a_number(values: list[Any]) -> None:
    for value in values:
        column = pl.DataFrame({"color": [value]})
        found = matrix_of(readable(column.lazy(), {"color": COLUMNS["color"]}), FEATURES[2:3])
        assert Encoder(FEATURES[2:3]).encode([{"color": value}]) == found, value


def test_a_column_that_is_not_there_is_missing() -> None:
    (row,) = Encoder(FEATURES).encode([{}])
    assert np.isnan(row[:2]).all()
    assert row[2:].tolist() == [0, 0]
