from typing import Any

import pytest

from {{ cookiecutter.package_name }}.config.gate import Gate
from {{ cookiecutter.package_name }}.runtime.errors import UserError

FINE: dict[str, Any] = {
    "corruption_ratio": 1.05,
    "nll_margin": 0.05,
    "latency_ratio": None,
    "processes": 10,
    "experiment": None,
}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("corruption_ratio", 0.9, "a ratio of 1 or more"),
        ("latency_ratio", 0.5, "a ratio of 1 or more"),
        ("nll_margin", 0.0, "a number above 0"),
        ("processes", 5, "6 or more"),
    ],
)
def test_limits_that_nothing_could_keep_are_refused(key: str, value: float, expected: str) -> None:
    assert Gate(**FINE).latency_ratio is None
    with pytest.raises(UserError, match=f"gate.{key}={value}: expected {expected}"):
        Gate(**FINE | {key: value})
