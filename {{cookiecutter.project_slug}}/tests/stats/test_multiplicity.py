import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from {{ cookiecutter.package_name }}.stats.multiplicity import holm


def test_holm_gives_the_published_values() -> None:
    # Holm 1979, by hand: sorted, times 4, 3, 2 and 1, and never below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@pytest.mark.slow
def test_holm_agrees_with_statsmodels() -> None:
    p_values = np.random.default_rng(0).beta(0.3, 2, size=17)
    p_values[3] = p_values[5]
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_one_question_needs_no_correction() -> None:
    assert holm([0.04]) == pytest.approx([0.04])


def test_a_family_without_effects_errs_as_seldom_as_one_question() -> None:
    families = np.random.default_rng(0).random((2000, 20))
    plain = (families <= 0.05).any(axis=1).mean()
    corrected = np.mean([(holm(one) <= 0.05).any() for one in families])
    assert plain == pytest.approx(0.64, abs=0.03)
    assert corrected <= 0.06


@pytest.mark.parametrize(
    ("p_values", "message"),
    [
        ([], r"p_values has shape \(0,\)"),
        ([0.1, math.nan], r"p_values\[1\] is nan"),
        ([0.1, 1.2], "p_values range from 0.1 to 1.2: expected 0 to 1"),
    ],
)
def test_what_is_no_p_value_is_refused(p_values: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        holm(p_values)
