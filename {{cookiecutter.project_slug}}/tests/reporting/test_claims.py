import pytest

from {{ cookiecutter.package_name }}.reporting import claims

METRICS = {
    "models": {"a.b": {"accuracy": {"value": 0.984, "low": 0.965, "high": 0.993}}},
    "classes": [{"rows": 1200}, {"rows": 30}],
    "error": {"value": -0.5},
}


@pytest.mark.parametrize(
    ("path", "how", "text"),
    [
        (
            "models.a.b.accuracy.value",
            "percent",
            "98.4%<!-- claim: models.a.b.accuracy.value percent -->",
        ),
        ("classes.1.rows", ",.0f", "30<!-- claim: classes.1.rows .0f -->"),
        ("classes.0.rows", ",.0f", "1,200<!-- claim: classes.0.rows .0f -->"),
        ("error.value", "+,.2f", "\N{MINUS SIGN}0.50<!-- claim: error.value .2f -->"),
        ("error.value", "points", "\N{MINUS SIGN}50.0<!-- claim: error.value points -->"),
    ],
)
def test_a_number_comes_with_where_it_is_from(path: str, how: str, text: str) -> None:
    assert claims.claimed(METRICS, path, how) == text


def test_numbers_with_exponents_are_no_claims() -> None:
    assert claims.claimed(METRICS, "error.value", ".1e") == "\N{MINUS SIGN}5.0e\N{MINUS SIGN}01"


def test_a_place_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        claims.claimed(METRICS, "models.other.value", "percent")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("two\nlines | <!-- x -->", "`two lines \\| <!-- x -->`"),
        ("", "` `"),
    ],
)
def test_names_from_the_data_are_code_that_nothing_in_them_ends(name: str, code: str) -> None:
    assert claims.name(name) == code


def test_text_shows_as_it_is_but_for_code() -> None:
    assert claims.plain("a_b <i> *x* `uv run a_b`\n| y") == (
        "a\\_b \\<i\\> \\*x\\* `uv run a_b` \\| y"
    )
