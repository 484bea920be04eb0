from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef

from {{ cookiecutter.package_name }}.stats import confusion

Statistic = Callable[[ArrayLike], NDArray[np.float64]]
ALL: list[Statistic] = [confusion.macro_f1, confusion.balanced_accuracy, confusion.matthews]


def drawn(seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """True classes of which one is missing, guesses that are often right, and their counts."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 5, 200)
    guess = np.where(random.random(200) < 0.6, truth, random.integers(0, 6, 200))
    return truth, guess, np.bincount(truth * 6 + guess, minlength=36).reshape(6, 6)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.parametrize("seed", range(3))
def test_each_statistic_agrees_with_scikit_learn(seed: int) -> None:
    truth, guess, counts = drawn(seed)
    assert confusion.macro_f1(counts) == pytest.approx(f1_score(truth, guess, average="macro"))
    expected = balanced_accuracy_score(truth, guess)
    assert confusion.balanced_accuracy(counts) == pytest.approx(expected)
    assert confusion.matthews(counts) == pytest.approx(matthews_corrcoef(truth, guess))


def test_macro_f1_leaves_out_a_class_that_nothing_shows() -> None:
    assert confusion.macro_f1([[8, 2, 0], [2, 8, 0], [0, 0, 0]]) == pytest.approx(0.8)


def test_a_model_that_names_the_largest_class_only_knows_nothing() -> None:
    counts = [[95, 0], [5, 0]]
    assert confusion.matthews(counts) == 0
    assert confusion.balanced_accuracy(counts) == 0.5


@pytest.mark.parametrize("statistic", ALL)
def test_a_million_times_the_rows_give_the_same_value(statistic: Statistic) -> None:
    counts = drawn(0)[2]
    assert statistic(1_000_000 * counts) == pytest.approx(float(statistic(counts)))


@pytest.mark.parametrize("statistic", ALL)
def test_leading_axes_are_computed_together(statistic: Statistic) -> None:
    matrices = np.random.default_rng(0).integers(1, 9, size=(2, 3, 4, 4))
    assert statistic(matrices)[1, 2] == pytest.approx(float(statistic(matrices[1, 2])))


@pytest.mark.parametrize("statistic", ALL)
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[0, 0], [0, 0]], "confusion is all zero: expected at least one example"),
        ([1, 2], r"confusion has shape \(2,\): expected \(..., K, K\)"),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(
    statistic: Statistic, counts: ArrayLike, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        statistic(counts)
