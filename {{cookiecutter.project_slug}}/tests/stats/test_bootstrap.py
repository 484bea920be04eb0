import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from {{ cookiecutter.package_name }}.stats import bootstrap, resampling
from {{ cookiecutter.package_name }}.stats.confusion import macro_f1
from {{ cookiecutter.package_name }}.stats.intervals import Interval

Z = 1.959963984540054
Of = Callable[[NDArray[np.int64]], NDArray[np.float64]]


def of_counts(confusion: ArrayLike, statistic: Of = macro_f1, resamples: int = 2000) -> Interval:
    (interval,) = bootstrap.bootstrap_confusion(confusion, [statistic], resamples=resamples)
    return interval


def accuracy(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.trace(counts, axis1=-2, axis2=-1) / counts.sum((-2, -1))


def test_bootstrap_of_accuracy_agrees_with_the_normal_interval() -> None:
    interval = of_counts([[450, 50], [50, 450]], accuracy)
    half = Z * math.sqrt(0.9 * 0.1 / 1000)
    assert (interval.value, interval.rows) == (0.9, 1000)
    assert (interval.low, interval.high) == pytest.approx((0.9 - half, 0.9 + half), abs=0.003)


def test_bootstrap_draws_the_sizes_of_the_classes_anew_as_well() -> None:
    interval = of_counts(
        [[450, 50], [50, 450]], lambda counts: counts[..., 0, :].sum(-1) / counts.sum((-2, -1))
    )
    half = Z * math.sqrt(0.5 * 0.5 / 1000)
    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.004)


def test_several_statistics_see_the_same_draws() -> None:
    counts = [[40, 9], [6, 45]]
    both = bootstrap.bootstrap_confusion(counts, [macro_f1, accuracy])
    assert both == [of_counts(counts), of_counts(counts, accuracy)]
    columns = np.random.default_rng(0).normal(size=(90, 2))
    firsts = bootstrap.bootstrap_means(columns, [bootstrap.first_mean, lambda m: 2 * m[..., 0]])
    assert firsts[1].low == pytest.approx(2 * firsts[0].low)
    assert firsts[0] == bootstrap.bootstrap_mean(columns[:, 0])


def test_bootstrap_of_a_mean_agrees_with_the_normal_interval_and_with_scipy() -> None:
    values = np.random.default_rng(0).exponential(size=1000)
    half = Z * values.std(ddof=1) / math.sqrt(values.size)
    interval = bootstrap.bootstrap_mean(values)
    assert interval.value - interval.low == pytest.approx(half, abs=0.01)
    assert interval.high - interval.value == pytest.approx(half, abs=0.01)
    expected = stats.bootstrap((values,), np.mean, n_resamples=4000, method="percentile", rng=1)
    ends = (expected.confidence_interval.low, expected.confidence_interval.high)
    assert (interval.low, interval.high) == pytest.approx(ends, abs=0.006)


def test_bca_agrees_with_scipy_and_leans_to_the_long_tail() -> None:
    values = np.random.default_rng(3).lognormal(0, 1.2, size=120)
    interval = bootstrap.bca_means(values[:, None], bootstrap.first_mean, resamples=20_000)
    expected = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="BCa", rng=1)
    ends = (expected.confidence_interval.low, expected.confidence_interval.high)
    assert (interval.low, interval.high) == pytest.approx(ends, rel=0.02)
    usual = bootstrap.bootstrap_mean(values, resamples=20_000)
    assert interval.low > usual.low
    assert interval.high > usual.high + 0.05


def test_bca_of_equal_values_has_no_width() -> None:
    interval = bootstrap.bca_means(np.full((100, 1), 2.5), bootstrap.first_mean)
    assert (interval.low, interval.value, interval.high) == (2.5, 2.5, 2.5)


def test_a_function_of_means_is_resampled_with_its_columns_together() -> None:
    first = np.random.default_rng(0).exponential(size=500)
    columns = np.stack([first, 2 * first], axis=1)
    (ratio,) = bootstrap.bootstrap_means(columns, [lambda means: means[..., 1] / means[..., 0]])
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((2, 2, 2))  # were they not: wide
    assert ratio.rows == 500


def test_groups_of_one_row_are_rows() -> None:
    values = np.random.default_rng(0).normal(size=60)
    alone = bootstrap.bootstrap_mean(values, groups=[f"{row:02}" for row in range(60)])
    plain = bootstrap.bootstrap_mean(values)
    assert (alone.low, alone.high) == (plain.low, plain.high)
    assert alone.method == "percentile bootstrap over 60 groups"


def test_copies_of_a_row_tell_no_more_than_the_row() -> None:
    values = np.random.default_rng(0).normal(size=60)
    groups = np.repeat(np.arange(60), 9)
    copied = bootstrap.bootstrap_mean(np.repeat(values, 9), groups=groups)
    once = bootstrap.bootstrap_mean(values)
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high))
    assert copied.rows == 540


def test_large_groups_weigh_by_their_rows() -> None:
    values, groups = [1.0] * 90 + [0.0] * 10, [0] * 90 + list(range(1, 11))
    interval = bootstrap.bootstrap_mean(values, groups=groups, level=0.5)
    assert interval.value == 0.9
    assert interval.low == 0  # in a third of the draws the large group is missing
    assert interval.high > 0.9


def test_bootstrap_repeats_itself_for_one_seed_and_differs_for_another() -> None:
    values = np.arange(50.0)
    first, again, other = (bootstrap.bootstrap_mean(values, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
    counts = [[40, 9], [6, 45]]
    found = [bootstrap.bootstrap_confusion(counts, [macro_f1], seed=seed) for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_bootstrap_holds_a_bounded_number_of_cells_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resampling, "CHUNK_CELLS", 100)
    most = 0

    def watched(counts: NDArray[np.int64]) -> NDArray[np.float64]:
        nonlocal most
        most = max(most, counts.size)
        return macro_f1(counts)

    of_counts([[8, 2, 1], [2, 8, 1], [1, 1, 9]], watched, resamples=205)
    assert most == 99  # eleven 3 x 3 matrices


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap.bootstrap_mean([]), r"values has shape \(0,\): expected \(n,\)"),
        (lambda: bootstrap.bootstrap_mean([1, math.nan]), r"values\[1\] is nan: expected finite"),
        (lambda: bootstrap.bootstrap_mean([1], resamples=9), "resamples is 9: expected at least"),
        (lambda: bootstrap.bootstrap_mean([1, 2], groups=["a"]), r"groups has shape \(1,\)"),
        (lambda: bootstrap.bootstrap_mean([1, 2], groups=["a", "a"]), "groups has one group"),
        (lambda: of_counts([[1, 2, 3]]), r"confusion has shape \(1, 3\): expected \(K, K\)"),
        (lambda: of_counts([[1, -2], [0, 3]]), "confusion has a cell of -2.0: expected counts"),
        (lambda: of_counts([[0, 0], [0, 0]]), "confusion is all zero: expected at least"),
        (lambda: of_counts([[1, math.nan], [0, 3]]), r"confusion\[1\] is nan: expected finite"),
        (
            lambda: bootstrap.bca_means(np.ones((99, 1)), bootstrap.first_mean),
            "rows of columns is 99: expected at least 100",
        ),
        (
            lambda: bootstrap.bootstrap_means([1.0], []),
            r"columns has shape \(1,\): expected \(n, c",
        ),
        (lambda: bootstrap.bootstrap_means(np.zeros((0, 2)), []), r"shape \(0, 2\): expected"),
        (lambda: bootstrap.bootstrap_means([[1, 2], [math.nan, 1]], []), r"columns\[2\] is nan"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
