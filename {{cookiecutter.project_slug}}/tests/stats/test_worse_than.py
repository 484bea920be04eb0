"""Is a model worse by more than a margin: the last function of stats/paired.py."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from {{ cookiecutter.package_name }}.stats.paired import worse_than_p


def test_it_is_the_one_sided_t_around_the_margin() -> None:
    differences = np.random.default_rng(0).normal(-0.3, 1, 80)
    expected = ttest_1samp(differences + 0.1, 0, alternative="less").pvalue
    assert worse_than_p(differences, 0.1) == pytest.approx(expected)


@pytest.mark.slow
def test_a_model_worse_by_the_margin_itself_is_called_worse_as_seldom_as_it_says() -> None:
    random = np.random.default_rng(1)
    samples = random.choice([-1.0, 0.0, 1.0], size=(2000, 100), p=[0.15, 0.75, 0.10])
    found = np.mean([worse_than_p(one, 0.05) <= 0.05 for one in samples])
    assert found <= 0.065


@pytest.mark.parametrize(
    ("differences", "p"), [([0.0] * 9, 1.0), ([-1.0] * 9, 0.0), ([-1.0], 1.0), ([0.5] * 3, 1.0)]
)
def test_differences_without_spread_have_a_p(differences: list[float], p: float) -> None:
    assert worse_than_p(differences, 0.05) == p
