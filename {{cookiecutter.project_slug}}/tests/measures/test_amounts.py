import pytest

from {{ cookiecutter.package_name }}.measures.amounts import (
    amount,
    digits_for,
    ends,
    lead,
    side,
)


@pytest.mark.parametrize(
    ("metric", "width", "digits"),
    [
        ("accuracy", 0.018, 1),
        ("accuracy", 0.3, 1),
        ("accuracy", 0.0018, 2),
        ("mae", 35.0, 0),
        ("mae", 3.5, 1),
        ("mae", 0.0035, 4),
        ("mae", 0.0, 2),
        ("mae", 1e-30, 6),
    ],
)
def test_decimals_follow_from_how_sure_a_number_is(metric: str, width: float, digits: int) -> None:
    assert digits_for(metric, width) == digits


def test_an_amount_has_no_sign_and_accuracy_is_in_points() -> None:
    assert amount("accuracy", -0.0123, 1) == "1.2"
    assert amount("mae", -17.74, 1) == "17.7"
    assert amount("mae", 12345.6, 0) == "12,346"


def test_a_difference_has_its_sign_and_one_that_rounds_to_nothing_is_not_below_zero() -> None:
    assert lead("accuracy", -0.0123, 1) == "-1.2"
    assert lead("mae", 12345.6, 0) == "+12,346"
    assert lead("accuracy", -0.00004, 1) == "+0.0"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.3, 2.1, "0.3 to 2.1"),
        (-2.1, -0.3, "0.3 to 2.1"),
        (-0.3, 2.1, "0.3 behind to 2.1 ahead"),
        (0.0, 2.1, "0.0 to 2.1"),
    ],
)
def test_ends_are_read_from_small_to_large_and_say_their_side_across_zero(
    low: float, high: float, told: str
) -> None:
    shown = (amount("mae", low, 1), amount("mae", high, 1))
    assert ends(low, high, shown) == told


def test_what_is_below_zero_is_behind() -> None:
    assert [side(number) for number in (-1.0, 0.0, 1.0)] == ["behind", "ahead", "ahead"]
