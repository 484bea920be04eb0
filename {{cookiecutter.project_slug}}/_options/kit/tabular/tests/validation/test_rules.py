import pytest

from {{ cookiecutter.package_name }}.contract.contract import Column, Kind
from {{ cookiecutter.package_name }}.validation.rules import Rules

RANGE = Column(Kind.number, unit="years", min=0, max=100)


@pytest.mark.parametrize(
    ("column", "rule", "expected"),
    [
        (RANGE, "range", "0 to 100 years"),
        (Column(Kind.number, min=-1.5), "range", "-1.5 to any"),
        (Column(Kind.number, max=7), "range", "any to 7"),
        (Column(Kind.category, values=("a", "b")), "values", "one of a, b"),
        (Column(Kind.time), "type", "a time (ISO 8601)"),
        (RANGE, "finite", "a finite number"),
        (Column(Kind.text), "missing", "a value"),
    ],
)
def test_a_rule_says_what_it_asks_for(column: Column, rule: str, expected: str) -> None:
    assert Rules("it", column, required=False).expected(rule) == expected
