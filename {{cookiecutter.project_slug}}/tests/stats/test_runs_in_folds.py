import math

import numpy as np
import pytest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.stats import runs

DIFFERENCES = [0.01, 0.02, 0.03, 0.04, 0.05]  # mean 0.03, variance 0.00025


def test_corrected_t_is_what_its_formula_gives_by_hand() -> None:
    # Nadeau & Bengio 2003, section 3: (1 / folds + test / train) in place of 1 / folds.
    interval = runs.corrected_t(DIFFERENCES, test_share=0.25)
    half = 2.776445 * math.sqrt((0.2 + 0.25) * 0.00025)  # the quantile of t with 4 degrees
    assert (interval.low, interval.high) == pytest.approx((0.03 - half, 0.03 + half), rel=1e-5)
    assert (interval.value, interval.rows) == (pytest.approx(0.03), 5)


def test_the_corrected_p_is_what_its_formula_gives_by_hand() -> None:
    squared = 0.03**2 / ((0.2 + 0.25) * 0.00025)  # of the statistic: 8
    inside = 2 * 3 / 8 * math.sqrt(squared / (1 + squared / 4))  # t with 4 degrees of freedom
    expected = 1 - inside * (1 - squared / (1 + squared / 4) / 12)
    assert runs.corrected_t_p(DIFFERENCES, test_share=0.25) == pytest.approx(expected)
    negative = [-difference for difference in DIFFERENCES]
    assert runs.corrected_t_p(negative, test_share=0.25) == pytest.approx(expected)


def test_without_a_correction_it_is_the_usual_t() -> None:
    usual, same = runs.paired_t(DIFFERENCES), runs.corrected_t(DIFFERENCES, test_share=0)
    assert (same.low, same.high) == pytest.approx((usual.low, usual.high))


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_interval_excludes_zero_exactly_when_p_says_so(level: float) -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        differences = generator.normal(0.5, 1, size=5)
        interval = runs.corrected_t(differences, 0.25, level)
        excluded = interval.low > 0 or interval.high < 0
        assert excluded == (runs.corrected_t_p(differences, 0.25) < 1 - level)


@pytest.mark.parametrize(("difference", "p"), [(0.0, 1.0), (0.1, 0.0)])
def test_folds_that_agree_to_the_last_digit_have_a_p(difference: float, p: float) -> None:
    assert runs.corrected_t_p([difference] * 5, 0.25) == p


def test_splits_of_the_same_rows_are_covered_by_the_corrected_interval_alone() -> None:
    differences = _differences_of_regressions(repetitions=300, rows=60, features=6, splits=10)
    truth = differences.mean()

    def coverage(correction: float) -> float:
        found = [runs.corrected_t(one, correction) for one in differences]
        return float(np.mean([one.low <= truth <= one.high for one in found]))

    assert coverage(0.0) < 0.85
    assert 0.93 <= coverage(0.25) <= 0.99


def _differences_of_regressions(
    repetitions: int, rows: int, features: int, splits: int
) -> NDArray[np.float64]:
    """How much less a linear model errs than the mean, in each of several splits of the same rows.

    Returns:
        (repetitions, splits): each repetition draws all of its rows anew.
    """
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(repetitions, rows, features))
    targets = 0.2 * inputs.sum(axis=2) + generator.normal(size=(repetitions, rows))
    ahead = np.empty((repetitions, splits))
    for split in range(splits):
        order = generator.permutation(rows)
        test, train = order[: rows // 5], order[rows // 5 :]
        seen, known = inputs[:, train], targets[:, train]
        weights = np.linalg.solve(seen.mT @ seen, seen.mT @ known[..., None])
        of_line = (targets[:, test] - (inputs[:, test] @ weights)[..., 0]) ** 2
        of_mean = (targets[:, test] - known.mean(axis=1, keepdims=True)) ** 2
        ahead[:, split] = (of_mean - of_line).mean(axis=1)
    return ahead


@pytest.mark.parametrize(
    ("differences", "level", "message"),
    [
        ([0.1], 0.95, r"differences has shape \(1,\): expected \(n,\)"),
        ([1.0, 2.0], 2, "level is 2: expected a number"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    differences: list[float], level: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        runs.corrected_t(differences, 0.25, level)
