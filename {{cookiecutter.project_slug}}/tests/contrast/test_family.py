from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import norm

from {{ cookiecutter.package_name }}.contrast.family import holm_levels
from {{ cookiecutter.package_name }}.stats.intervals import Interval
from {{ cookiecutter.package_name }}.stats.multiplicity import holm


def normal(means: dict[str, float]) -> Callable[[str, float], Interval]:
    """Intervals of means whose standard error is 1."""

    def at(name: str, level: float) -> Interval:
        half = float(norm.ppf((1 + level) / 2))
        return Interval(means[name], means[name] - half, means[name] + half, "normal", 1)

    return at


def test_what_is_sure_by_intervals_is_what_holm_calls_sure_by_p_values() -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        means = {f"m{n}": float(random.normal(1.5, 1.5)) for n in range(random.integers(1, 6))}
        intervals = normal(means)
        levels = holm_levels(means, intervals, 0.95)
        found = {name: intervals(name, level) for name, level in levels.items()}
        sure = {name for name, one in found.items() if one.low > 0 or one.high < 0}
        p_values = [float(2 * norm.sf(abs(mean))) for mean in means.values()]
        expected = dict(zip(means, holm(p_values) < 0.05, strict=True))
        assert sure == {name for name, real in expected.items() if real}


def test_one_comparison_has_the_level_itself() -> None:
    assert holm_levels(["only"], normal({"only": 0.0}), 0.95) == {"only": 0.95}


def test_a_sure_one_leaves_the_others_a_wider_share() -> None:
    levels = holm_levels(["far", "near"], normal({"far": 9.0, "near": 0.1}), 0.95)
    assert levels == {"far": pytest.approx(0.975), "near": pytest.approx(0.95)}
