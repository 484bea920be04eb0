"""Comparisons over folds, and by flipping signs: the second half of stats/paired.py."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import permutation_test

from {{ cookiecutter.package_name }}.stats import intervals, paired

DIFFERENCES = [0.01, 0.02, 0.03, 0.04, 0.05]  # mean 0.03, variance 0.00025


def test_corrected_t_is_what_its_formula_gives_by_hand() -> None:
    # Nadeau & Bengio 2003, section 3: (1 / folds + test / train) in place of 1 / folds.
    interval = paired.corrected_t(DIFFERENCES, test_share=0.25)
    half = 2.776445 * math.sqrt((0.2 + 0.25) * 0.00025)  # the quantile of t with 4 degrees
    assert (interval.low, interval.high) == pytest.approx((0.03 - half, 0.03 + half), rel=1e-5)
    assert (interval.value, interval.rows) == (pytest.approx(0.03), 5)


def test_the_corrected_p_is_what_its_formula_gives_by_hand() -> None:
    squared = 0.03**2 / ((0.2 + 0.25) * 0.00025)  # of the statistic: 8
    inside = 2 * 3 / 8 * math.sqrt(squared / (1 + squared / 4))  # t with 4 degrees of freedom
    expected = 1 - inside * (1 - squared / (1 + squared / 4) / 12)
    assert paired.corrected_t_p(DIFFERENCES, test_share=0.25) == pytest.approx(expected)
    negative = [-difference for difference in DIFFERENCES]
    assert paired.corrected_t_p(negative, test_share=0.25) == pytest.approx(expected)


def test_without_a_correction_it_is_the_usual_t() -> None:
    usual, same = paired.paired_t(DIFFERENCES), paired.corrected_t(DIFFERENCES, test_share=0)
    assert (same.low, same.high) == pytest.approx((usual.low, usual.high))


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_interval_excludes_zero_exactly_when_p_says_so(level: float) -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        differences = generator.normal(0.5, 1, size=5)
        interval = paired.corrected_t(differences, 0.25, level)
        excluded = interval.low > 0 or interval.high < 0
        assert excluded == (paired.corrected_t_p(differences, 0.25) < 1 - level)


@pytest.mark.parametrize(("difference", "p"), [(0.0, 1.0), (0.1, 0.0)])
def test_folds_that_agree_to_the_last_digit_have_a_p(difference: float, p: float) -> None:
    assert paired.corrected_t_p([difference] * 5, 0.25) == p


def test_splits_of_the_same_rows_are_covered_by_the_corrected_interval_alone() -> None:
    differences = _differences_of_regressions(repetitions=300, rows=60, features=6, splits=10)
    truth = differences.mean()

    def coverage(correction: float) -> float:
        found = [paired.corrected_t(one, correction) for one in differences]
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


@pytest.mark.parametrize(("rows", "shift"), [(8, 0.3), (60, 0.0), (60, 0.25), (400, -0.1)])
def test_flipping_signs_agrees_with_scipy(rows: int, shift: float) -> None:
    differences = np.random.default_rng(1).normal(shift, 1, size=rows)
    expected = permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=5000, rng=2
    )
    found = paired.sign_flip_p(differences, resamples=5000)
    assert found == pytest.approx(expected.pvalue, abs=0.03)


def test_equal_models_are_told_apart_no_more_often_than_it_says() -> None:
    samples = np.random.default_rng(0).exponential(size=(400, 30))
    signs = np.random.default_rng(1).choice([-1, 1], size=samples.shape)
    found = [paired.sign_flip_p(one, resamples=199) for one in samples * signs]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_no_difference_at_all_is_no_sign_of_one_and_p_is_never_zero() -> None:
    assert paired.sign_flip_p([0.0] * 20) == 1
    assert paired.sign_flip_p([1.0] * 60, resamples=99) == 1 / 100


def test_flips_repeat_themselves_for_one_seed_and_are_drawn_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    differences = np.random.default_rng(0).normal(0.3, 1, size=40)
    first, again, other = (paired.sign_flip_p(differences, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
    monkeypatch.setattr(paired, "CHUNK_CELLS", 100)  # two draws at a time
    assert paired.sign_flip_p(differences) == first


def test_a_function_of_means_is_resampled_with_its_columns_together() -> None:
    generator = np.random.default_rng(0)
    first = generator.exponential(size=500)
    columns = np.stack([first, 2 * first], axis=1)
    ratio = intervals.bootstrap_means(columns, lambda means: means[..., 1] / means[..., 0])
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((2, 2, 2))  # were they not: wide
    assert ratio.rows == 500
    alone = intervals.bootstrap_means(columns, lambda means: means[..., 0])
    mean = intervals.bootstrap_mean(first)
    assert (alone.low, alone.high) == pytest.approx((mean.low, mean.high))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([1.0, 2.0], r"columns has shape \(2,\): expected \(n, c\)"),
        (np.zeros((0, 2)), r"columns has shape \(0, 2\): expected \(n, c\)"),
        ([[1.0, 2.0], [math.nan, 1.0]], r"columns\[2\] is nan: expected finite"),
    ],
)
def test_columns_that_are_no_table_are_refused(
    columns: list[float] | NDArray[np.float64], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        intervals.bootstrap_means(columns, lambda means: means[..., 0])
