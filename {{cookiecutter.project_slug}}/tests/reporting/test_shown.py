import pytest

from {{ cookiecutter.package_name }}.reporting import shown

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (0.98387, "percent", "98.4%"),
        (0.1425, "points", "+14.2"),
        (-0.0042, "points", f"{MINUS}0.4"),
        (-0.0002, "points", "+0.0"),
        (-0.0002, ".3f", "0.000"),
        (-0.5, "+,.2f", f"{MINUS}0.50"),
        (1234.5, ",.1f", "1,234.5"),
    ],
)
def test_numbers_are_written_with_their_sign_and_a_fixed_number_of_decimals(
    value: float, how: str, text: str
) -> None:
    assert shown.shown(value, how) == text


def test_intervals_are_written_in_words() -> None:
    entry = {"value": 0.984, "low": 0.965, "high": 0.993}
    assert shown.spread(entry, "percent") == "96.5 to 99.3%"
    assert shown.with_spread(entry, ".2f") == "0.98 (0.96 to 0.99)"


@pytest.mark.parametrize(
    ("typical", "text"),
    [(45.0, "45.00"), (0.0123, "0.01230"), (12345.6, "12,346"), (0.0, "0.000e+00")],
)
def test_amounts_have_four_digits_and_all_of_them_the_same_decimals(
    typical: float, text: str
) -> None:
    assert shown.shown(typical, shown.amounts(typical)) == text


def test_the_measures_are_those_that_there_are_and_amounts_follow_the_first() -> None:
    values = {key: {"value": 45.0} for key in ("r2", "rmse", "mae")}
    assert [(one.key, one.how) for one in shown.measures_of(values)] == [
        ("mae", ",.2f"),
        ("rmse", ",.2f"),
        ("r2", ".3f"),
    ]
    classes = {key: {"value": 0.9} for key in ("nll", "accuracy")}
    assert [one.key for one in shown.measures_of(classes)] == ["accuracy", "nll"]


def test_differences_of_shares_are_points() -> None:
    assert shown.signed("percent") == "points"
    assert shown.signed(",.2f") == "+,.2f"


def test_small_probabilities_are_bounded_and_lists_are_cut() -> None:
    assert [shown.probability(p) for p in (0.0004, 0.0123)] == ["< 0.001", "0.012"]
    assert shown.listed(["a", "b", "c"], most=2) == "a, b and 1 more"
    assert shown.counted(1, "row") == "1 row"
    assert shown.counted(1200, "class", "classes") == "1,200 classes"
