import numpy as np
import pytest
from scipy.stats import fisher_exact

from {{ cookiecutter.package_name }}.stats.unpaired import more_errors_p


def test_errors_that_are_counted_are_compared_as_counts() -> None:
    inside, elsewhere = np.repeat([1.0, 0.0], [6, 14]), np.repeat([1.0, 0.0], [4, 76])
    expected = fisher_exact([[6, 14], [4, 76]], alternative="greater").pvalue
    assert more_errors_p(inside, elsewhere) == pytest.approx(expected)
    assert more_errors_p(elsewhere, inside) > 0.9


def test_sizes_of_errors_are_compared_by_their_means() -> None:
    random = np.random.default_rng(0)
    elsewhere = random.exponential(1, 500)
    assert more_errors_p(random.exponential(2, 60), elsewhere) < 0.01
    assert more_errors_p(random.exponential(0.5, 60), elsewhere) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["counts", "sizes"])
def test_a_part_like_the_others_is_called_worse_as_seldom_as_it_says(kind: str) -> None:
    random = np.random.default_rng(1)
    sizes = random.exponential(size=(1000, 240))
    errors = (sizes > 2.5).astype(np.float64) if kind == "counts" else sizes
    found = np.mean([more_errors_p(one[:40], one[40:]) <= 0.05 for one in errors])
    assert found <= 0.065


@pytest.mark.parametrize("part", [[], [0.3]])
def test_too_little_to_compare_is_no_finding(part: list[float]) -> None:
    assert more_errors_p(np.array(part), np.array([0.1, 0.2])) == 1
    assert more_errors_p(np.full(9, 0.5), np.full(9, 0.5)) == 1
