import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.contract.contract import Column, Kind
from {{ cookiecutter.package_name }}.inference import kinds
from {{ cookiecutter.package_name }}.inference.profile import profile

ROWS = 100
WORDS = [f"word {number}" for number in range(ROWS)]


def guess(values: list[object], dtype: pl.DataType | None = None) -> Column:
    """What a column of these values, repeated to 100 rows, is guessed to be."""
    repeated = [values[place % len(values)] for place in range(ROWS)]
    seen = profile(pl.LazyFrame({"it": pl.Series(repeated, dtype=dtype)}), ROWS)["it"]
    return kinds.column_of(seen, len(seen.distinct or ()))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", " 3 "], Kind.number),
        (["0", "1"], Kind.number),
        (["1e3", "-4"], Kind.number),
        (["1,5", "2,25", "3"], Kind.number),
        (["true", "False", "NA"], Kind.boolean),
        (["yes", "no", ""], Kind.boolean),
        (["2026-01-31", "2026-02-01T10:00:00Z"], Kind.time),
        (["red", "green"], Kind.category),
        (["007", "008"], Kind.category),
        (["1,234", "5,678"], Kind.category),
        (["1,5", "2.5"], Kind.category),
        (["31.01.2026", "01.02.2026"], Kind.category),
        (["1", "2", "abc"], Kind.category),
        (WORDS, Kind.text),
        (["", "NA", "?"], Kind.text),
    ],
)
def test_text_is_what_nearly_all_of_its_values_are(values: list[object], kind: Kind) -> None:
    assert guess(values).kind is kind


def test_a_few_mistakes_among_numbers_do_not_make_them_words() -> None:
    numbers: list[object] = [str(number) for number in range(ROWS)]
    assert guess([*numbers[:90], *WORDS[:10]]).kind is Kind.number
    assert guess([*numbers[:89], *WORDS[:11]]).kind is Kind.text


@pytest.mark.parametrize(
    ("values", "dtype", "kind"),
    [
        ([1, 2], pl.Int64(), Kind.number),
        ([0.5, None], pl.Float32(), Kind.number),
        ([True, None], pl.Boolean(), Kind.boolean),
        ([1, 2], pl.Date(), Kind.time),
        ([1, 2], pl.Datetime("us"), Kind.time),
        (["a", "b"], pl.Categorical(), Kind.category),
        ([[1], [2]], pl.List(pl.Int64), Kind.text),
    ],
)
def test_typed_columns_are_what_their_type_says(
    values: list[object], dtype: pl.DataType, kind: Kind
) -> None:
    assert guess(values, dtype).kind is kind


def test_few_categories_are_listed_in_order_and_many_are_not() -> None:
    table = pl.LazyFrame({"few": ["b", "a"] * 200, "many": [f"c{i % 51}" for i in range(400)]})
    seen = profile(table, 400)
    assert kinds.column_of(seen["few"], 2).values == ("a", "b")
    many = kinds.column_of(seen["many"], 51)
    assert (many.kind, many.values) == (Kind.category, None)
    assert kinds.in_order({"10", "9", "1"}) == ("1", "9", "10")
    assert kinds.in_order({"10", "9", "b"}) == ("10", "9", "b")


def test_a_decimal_comma_is_recorded_and_read_in_the_range() -> None:
    column = guess(["1,5", "2,25", "3"])
    assert column.decimal_comma
    assert (column.min, column.max) == (0, 4.5)
    assert not guess(["1.5", "2"]).decimal_comma


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (18, 90, (0, 162)),
        (1990, 2020, (1960, 2050)),
        (-10, 10, (-30, 30)),
        (-40, -10, (-70, 0)),
        (0, 1, (0, 2)),
        (0.123, 0.456, (0, 0.79)),
        (5, 5, (0, 10)),
        (0, 0, (0, 0)),
    ],
)
def test_a_range_is_as_wide_again_on_both_sides_but_does_not_cross_zero(
    low: float, high: float, expected: tuple[float, float]
) -> None:
    assert kinds.widened(low, high) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e300))
@settings(deadline=None, derandomize=True)
def test_every_range_holds_what_was_seen(low: float, span: float) -> None:
    high = low + span
    if math.isfinite(high):
        least, most = kinds.widened(low, high)
        assert least <= low <= high <= most
        assert least >= 0 or low < 0
        assert most <= 0 or high > 0 or low == high == 0


@pytest.mark.parametrize(("wrong"), [-999, 99_999, 1_800])
def test_a_stand_in_or_a_wrong_unit_is_outside_of_the_range(wrong: float) -> None:
    least, most = kinds.widened(18, 90)
    assert not least <= wrong <= most


@pytest.mark.parametrize(("missing", "allowed"), [(0, 0), (1, 0.06), (10, 0.2), (60, 1), (100, 1)])
def test_missing_values_may_become_a_little_more_but_not_appear(
    missing: int, allowed: float
) -> None:
    assert kinds.allowed_missing(missing, 100) == pytest.approx(allowed, abs=1e-3)


@pytest.mark.parametrize("name", ["sex", "Age", "native_country", "zipCode", "Marital Status"])
def test_sensitive_names(name: str) -> None:
    assert kinds.is_sensitive(name)


@pytest.mark.parametrize("name", ["sextant", "page", "embrace", "usage_rate", "product_name"])
def test_names_that_only_look_sensitive(name: str) -> None:
    assert not kinds.is_sensitive(name)


@pytest.mark.parametrize(
    "name", ["id", "ID", "customer_id", "PassengerId", "Unnamed: 0", "", "uuid"]
)
def test_names_of_ids(name: str) -> None:
    assert kinds.is_id(name)


@pytest.mark.parametrize("name", ["humidity", "valid", "paid", "keyboard", "width"])
def test_names_that_only_look_like_ids(name: str) -> None:
    assert not kinds.is_id(name)
    assert not kinds.is_owner(name)


def test_owners_are_ids_or_whoever_rows_belong_to() -> None:
    assert kinds.is_owner("patient")
    assert kinds.is_owner("customer_id")
    assert not kinds.is_owner("patient age")
