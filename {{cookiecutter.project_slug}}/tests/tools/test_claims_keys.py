import pytest
from project_tools.claims.keys import ClaimError, Source, expected, resolve

CONTENT = {
    "models": {"a": {"value": 1}, "a.b": {"value": 2}, "a.b.value": 3},
    "slices": [{"name": "dark", "rows": 5}, {"name": "v1.5", "rows": 6}],
    "small": -0.0001,
    "large": 12345.678,
    "sure": True,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("models.a.value", 1),
        ("models.a.b.value", 3),
        ("slices.0.rows", 5),
        ("slices.dark.rows", 5),
        ("slices.v1.5.rows", 6),
    ],
)
def test_the_longest_key_that_fits_is_taken(path: str, value: int) -> None:
    assert resolve(CONTENT, path) == value


@pytest.mark.parametrize("path", ["models.b", "models.a.value.more", "slices.2.rows", "small.x"])
def test_what_is_not_there_is_no_key(path: str) -> None:
    with pytest.raises(KeyError):
        resolve(CONTENT, path)


@pytest.mark.parametrize(
    ("path", "form", "shown", "text"),
    [
        ("small", "", "0.0", "0.0"),
        ("small", "points", "0.00", "-0.01"),
        ("small", "points", "+0.0", "+0.0"),
        ("large", "", "1", "12346"),
        ("large", "", "1,000.0", "12,345.7"),
        ("large", ".2f", "1", "12345.68"),
        ("models.a.value", "percent", "+1.0", "+100.0"),
        ("small", "points", "+0.00", "-0.01"),
    ],
)
def test_a_value_is_shown_as_the_text_does(path: str, form: str, shown: str, text: str) -> None:
    assert expected(Source("a.json", CONTENT), path, form, shown) == text


def test_a_yes_is_no_number() -> None:
    with pytest.raises(ClaimError, match="sure: expected a number"):
        expected(Source("a.json", CONTENT), "sure", "", "1")


def test_a_file_without_numbers_says_so() -> None:
    with pytest.raises(ClaimError, match=r"a: no such key in a.json. It has no numbers."):
        expected(Source("a.json", {}), "a", "", "1")
