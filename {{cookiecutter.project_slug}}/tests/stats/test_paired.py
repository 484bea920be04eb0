import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, multinomial
from statsmodels.stats.contingency_tables import mcnemar

from {{ cookiecutter.package_name }}.stats import paired

ROWS = 60
DISAGREEMENTS = [(gained, lost) for gained in range(ROWS + 1) for lost in range(ROWS + 1 - gained)]


def test_bonett_price_gives_the_published_bounds() -> None:
    # Bentur et al. 2009 (21 children, 1 against 7), in table V of Fagerland, Lydersen & Laake 2014.
    interval = paired.bonett_price(1, 7, 21)
    assert interval.value == pytest.approx(-6 / 21)
    assert (interval.low, interval.high) == pytest.approx((-0.508, -0.013), abs=5e-4)


def test_bonett_price_of_no_disagreement_is_symmetric_and_has_width() -> None:
    interval = paired.bonett_price(0, 0, 360)
    assert interval.value == 0
    assert interval.high == -interval.low
    assert interval.high == pytest.approx(1.96 * math.sqrt(2) / 362, rel=1e-3)


def test_bonett_price_of_total_disagreement_stays_within_its_range() -> None:
    interval = paired.bonett_price(5, 0, 5)
    assert -1 <= interval.low < interval.value == interval.high == 1


def test_swapping_the_models_turns_the_interval_around() -> None:
    there, back = paired.bonett_price(12, 5, 100), paired.bonett_price(5, 12, 100)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert paired.mcnemar_mid_p(12, 5) == paired.mcnemar_mid_p(5, 12)


@pytest.mark.parametrize(("gain", "loss"), [(0.08, 0.08), (0.15, 0.05), (0.30, 0.20)])
def test_bonett_price_covers_the_truth_as_often_as_it_says(gain: float, loss: float) -> None:
    assert 0.94 <= _coverage(gain, loss) <= 0.98


def test_bonett_price_with_very_few_disagreements_errs_towards_too_wide() -> None:
    assert _coverage(0.02, 0.01) >= 0.95


def _coverage(gain: float, loss: float) -> float:
    found = [paired.bonett_price(gained, lost, ROWS) for gained, lost in DISAGREEMENTS]
    covered = [interval.low <= gain - loss <= interval.high for interval in found]
    return float(np.dot(_chances(gain, loss), covered))


def _chances(gain: float, loss: float) -> NDArray[np.float64]:
    """The exact probability of every outcome in DISAGREEMENTS."""
    outcomes = [(gained, lost, ROWS - gained - lost) for gained, lost in DISAGREEMENTS]
    return multinomial.pmf(outcomes, ROWS, [gain, loss, 1 - gain - loss])


def test_mid_p_gives_the_published_value() -> None:
    # Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91.
    assert binomtest(1, 8).pvalue == pytest.approx(0.0703, abs=5e-5)
    assert paired.mcnemar_mid_p(1, 7) == pytest.approx(0.0391, abs=5e-5)


def test_mid_p_counts_half_of_the_outcomes_that_are_as_extreme() -> None:
    assert paired.mcnemar_mid_p(0, 5) == pytest.approx(1 / 32)
    assert paired.mcnemar_mid_p(2, 2) == pytest.approx(1 - 6 / 16 / 2)
    assert paired.mcnemar_mid_p(0, 0) == 1


def test_mid_p_rejects_equal_models_no_more_often_than_it_says() -> None:
    p_values = np.array([paired.mcnemar_mid_p(*outcome) for outcome in DISAGREEMENTS])
    shares = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
    rates = [np.dot(_chances(share / 2, share / 2), p_values <= 0.05) for share in shares]
    assert max(rates) <= 0.055
    assert rates[-1] >= 0.04  # the exact test stays below: this is what half an outcome buys


def test_mid_p_finds_a_difference_that_overlapping_intervals_hide() -> None:
    # 91 % against 88 % of 1000 rows, on 8 % of which the models disagree: single intervals overlap.
    assert paired.mcnemar_mid_p(55, 25) < 0.001
    assert paired.bonett_price(55, 25, 1000).low > 0


def test_mid_p_lies_below_the_exact_test_of_statsmodels_and_above_half_of_it() -> None:
    for gained, lost in ((3, 9), (30, 18), (0, 4)):
        table: Any = mcnemar([[50, gained], [lost, 50]], exact=True)
        exact = table.pvalue
        assert 0.49 * exact <= paired.mcnemar_mid_p(gained, lost) < exact


def test_what_both_models_share_does_not_blur_their_difference() -> None:
    first = np.random.default_rng(0).exponential(size=(200, 1))
    interval = paired.paired_bootstrap(first + 0.5, first, lambda means: means[..., 0])
    assert (interval.low, interval.value, interval.high) == pytest.approx((0.5, 0.5, 0.5))
    assert interval.method == "paired percentile bootstrap"


def test_a_paired_bootstrap_turns_around_with_the_models() -> None:
    first, second = np.random.default_rng(1).normal(size=(2, 150, 2))

    def ratio(means: NDArray[np.float64]) -> NDArray[np.float64]:
        return means[..., 0] - means[..., 1] ** 2

    there, back = (
        paired.paired_bootstrap(*two, ratio) for two in ((first, second), (second, first))
    )
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paired.bonett_price(0, 0, 0), "rows is 0: expected at least 1"),
        (lambda: paired.bonett_price(3, 3, 5), r"gained \+ lost is 6: expected at most rows"),
        (lambda: paired.bonett_price(-1, 3, 5), "gained is -1: expected at least 0"),
        (lambda: paired.bonett_price(1, 1, 5, level=1.0), "level is 1.0: expected a number"),
        (lambda: paired.mcnemar_mid_p(1, -3), "lost is -3: expected at least 0"),
        (lambda: paired.sign_flip_p([]), r"differences has shape \(0,\): expected \(n,\)"),
        (lambda: paired.sign_flip_p([0.1, math.inf]), r"differences\[1\] is inf: expected finite"),
        (
            lambda: paired.paired_bootstrap([[1.0]], [[1.0], [2.0]], lambda means: means[..., 0]),
            r"second has shape \(2, 1\): expected \(1, 1\), as first has",
        ),
        (lambda: paired.sign_flip_p([1], resamples=0), "resamples is 0: expected at least 1"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
