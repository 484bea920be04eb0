import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom
from sklearn.metrics import f1_score

from {{ cookiecutter.package_name }}.stats import intervals

Z = 1.959963984540054
HALF: Any = 2.5


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_wilson_gives_the_published_bounds(
    successes: int, rows: int, low: float, high: float
) -> None:
    interval = intervals.wilson(successes, rows)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("rows", [1, 20, 360])
def test_wilson_of_no_or_only_successes_is_one_sided_and_has_width(rows: int) -> None:
    none, every = intervals.wilson(0, rows), intervals.wilson(rows, rows)
    assert (none.low, every.high) == pytest.approx((0, 1))
    assert none.high == pytest.approx(Z**2 / (rows + Z**2))
    assert every.low == pytest.approx(1 - none.high)


def test_wilson_covers_the_truth_as_often_as_it_says() -> None:
    shares = np.linspace(0.02, 0.98, 97)
    bounds = [intervals.wilson(successes, 100) for successes in range(101)]
    # Exact, not drawn: every outcome with its probability.
    chance = binom.pmf(np.arange(101)[:, None], 100, shares)
    covered = [[bound.low <= share <= bound.high for share in shares] for bound in bounds]
    coverage = (chance * covered).sum(axis=0)
    assert coverage.min() >= 0.90
    assert coverage.max() <= 0.99
    assert coverage.mean() == pytest.approx(0.95, abs=0.01)


def test_a_higher_level_gives_a_wider_interval() -> None:
    usual, wide = intervals.wilson(90, 100), intervals.wilson(90, 100, level=0.99)
    assert wide.low < usual.low < usual.value < usual.high < wide.high


def test_macro_f1_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    truth, guess = random.integers(0, 5, 200), random.integers(0, 6, 200)  # no true 5
    confusion = np.bincount(truth * 6 + guess, minlength=36).reshape(6, 6)
    assert intervals.macro_f1(confusion) == pytest.approx(f1_score(truth, guess, average="macro"))


def test_macro_f1_leaves_out_a_class_that_nothing_shows() -> None:
    assert intervals.macro_f1([[8, 2, 0], [2, 8, 0], [0, 0, 0]]) == pytest.approx(0.8)


def test_macro_f1_works_over_leading_axes() -> None:
    matrices = np.random.default_rng(0).integers(1, 9, size=(2, 3, 4, 4))
    together = intervals.macro_f1(matrices)
    assert together[1, 2] == pytest.approx(intervals.macro_f1(matrices[1, 2]))


def test_bootstrap_of_accuracy_agrees_with_the_normal_interval() -> None:
    confusion = np.array([[450, 50], [50, 450]])
    interval = intervals.bootstrap_confusion(
        confusion, lambda counts: np.trace(counts, axis1=-2, axis2=-1) / counts.sum((-2, -1))
    )
    half = Z * math.sqrt(0.9 * 0.1 / 1000)
    assert (interval.value, interval.rows) == (0.9, 1000)
    assert (interval.low, interval.high) == pytest.approx((0.9 - half, 0.9 + half), abs=0.003)


def test_bootstrap_draws_the_sizes_of_the_classes_anew_as_well() -> None:
    interval = intervals.bootstrap_confusion(
        [[450, 50], [50, 450]], lambda counts: counts[..., 0, :].sum(-1) / counts.sum((-2, -1))
    )
    half = Z * math.sqrt(0.5 * 0.5 / 1000)
    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.004)


def test_macro_f1_bootstrap_covers_the_truth_as_often_as_it_says() -> None:
    cells = np.array([[0.45, 0.03, 0.02], [0.04, 0.24, 0.02], [0.03, 0.03, 0.14]])
    truth = intervals.macro_f1(cells)
    samples = np.random.default_rng(1).multinomial(360, cells.ravel(), size=600).reshape(-1, 3, 3)
    found = [_bootstrap(sample, resamples=1000) for sample in samples]
    assert 0.92 <= np.mean([interval.low <= truth <= interval.high for interval in found]) <= 0.97


def test_bootstrap_of_a_mean_agrees_with_the_normal_interval() -> None:
    values = np.random.default_rng(0).exponential(size=1000)
    half = Z * values.std(ddof=1) / math.sqrt(values.size)
    interval = intervals.bootstrap_mean(values)
    assert interval.value - interval.low == pytest.approx(half, abs=0.01)
    assert interval.high - interval.value == pytest.approx(half, abs=0.01)


def test_bootstrap_repeats_itself_for_one_seed_and_differs_for_another() -> None:
    first, again, other = (intervals.bootstrap_mean(range(50), seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_bootstrap_holds_a_bounded_number_of_cells_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "CHUNK_CELLS", 100)
    most = 0

    def watched(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
        nonlocal most
        most = max(most, confusion.size)
        return intervals.macro_f1(confusion)

    intervals.bootstrap_confusion([[8, 2, 1], [2, 8, 1], [1, 1, 9]], watched, resamples=205)
    assert most == 99  # eleven 3 x 3 matrices


def test_an_interval_becomes_plain_json_values() -> None:
    half = np.float64(0.5)
    plain = intervals.Interval(half, half / 2, half * 1.5, "Wilson", 8).as_dict()
    assert plain == {"value": 0.5, "low": 0.25, "high": 0.75, "method": "Wilson", "rows": 8}
    assert [type(entry) for entry in plain.values()] == [float, float, float, str, int]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: intervals.wilson(0, 0), "rows is 0: expected at least 1"),
        (lambda: intervals.wilson(9, 8), "successes is 9: expected at most rows, which is 8"),
        (lambda: intervals.wilson(-1, 8), "successes is -1: expected at least 0"),
        (lambda: intervals.wilson(HALF, 8), "successes is 2.5: expected a whole number"),
        (lambda: intervals.wilson(2, 8, level=95), "level is 95: expected a number between 0"),
        (lambda: intervals.bootstrap_mean([]), r"values has shape \(0,\): expected \(n,\)"),
        (lambda: intervals.bootstrap_mean([1, math.nan]), r"values\[1\] is nan: expected finite"),
        (lambda: intervals.bootstrap_mean([1], resamples=9), "resamples is 9: expected at least"),
        (lambda: intervals.macro_f1([[0, 0], [0, 0]]), "confusion is all zero: expected at least"),
        (lambda: intervals.macro_f1([1, 2]), r"confusion has shape \(2,\): expected \(..., K, K"),
        (lambda: _bootstrap([[1, 2, 3]]), r"confusion has shape \(1, 3\): expected \(K, K\)"),
        (lambda: _bootstrap([[1, -2], [0, 3]]), "confusion has a cell of -2.0: expected counts"),
        (lambda: _bootstrap([[0, 0], [0, 0]]), "confusion is all zero: expected at least"),
        (lambda: _bootstrap([[1, math.nan], [0, 3]]), r"confusion\[1\] is nan: expected finite"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def _bootstrap(confusion: ArrayLike, resamples: int = 2000) -> intervals.Interval:
    return intervals.bootstrap_confusion(confusion, intervals.macro_f1, resamples=resamples)
