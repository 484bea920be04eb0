import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from learn.transfer.f1_difference import f1_difference

Labels = NDArray[np.int64]
POSITIVE = 2


def models(rows: int, errors: tuple[float, float] = (0.15, 0.3)) -> tuple[Labels, Labels, Labels]:
    """Targets of three classes, the last one rare, and two models that err so often."""
    random = np.random.default_rng(0)
    targets = random.choice(3, size=rows, p=[0.5, 0.35, 0.15])
    guesses = random.integers(0, 3, size=rows)
    luck = random.random(rows)  # the same rows are hard for both
    first, second = (np.where(luck < share, guesses, targets) for share in errors)
    return targets, first, second


def score(targets: Labels, predicted: Labels) -> float:
    return float(f1_score(targets == POSITIVE, predicted == POSITIVE))


def counted(targets: Labels, predicted: Labels) -> float:
    """The same without scikit-learn, 50 times as fast."""
    hits = ((targets == POSITIVE) & (predicted == POSITIVE)).sum()
    return 2 * hits / ((targets == POSITIVE).sum() + (predicted == POSITIVE).sum())


def test_the_value_is_the_difference_of_the_two_f1_scores() -> None:
    targets, first, second = models(300)
    found = f1_difference(targets, first, second, POSITIVE)
    assert found.value == pytest.approx(score(targets, first) - score(targets, second))
    assert found.value > 0.05
    assert (found.rows, found.method) == (300, "paired percentile bootstrap")


def test_the_ends_are_those_of_f1_computed_anew_on_rows_that_are_drawn_together() -> None:
    targets, first, second = models(200)
    random = np.random.default_rng(1)
    drawn = [random.integers(200, size=200) for _ in range(2000)]
    differences = [
        counted(targets[rows], first[rows]) - counted(targets[rows], second[rows]) for rows in drawn
    ]
    found = f1_difference(targets, first, second, POSITIVE)
    expected = np.quantile(differences, [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx(expected, abs=0.025)


def test_a_model_differs_from_itself_by_nothing() -> None:
    targets, first, _ = models(200)
    found = f1_difference(targets, first, first, POSITIVE)
    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_the_interval_turns_around_with_the_models() -> None:
    targets, first, second = models(200)
    there = f1_difference(targets, first, second, POSITIVE)
    back = f1_difference(targets, second, first, POSITIVE)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_copies_of_a_row_tell_no_more_than_the_row() -> None:
    once = models(120)
    targets, first, second = (np.repeat(labels, 5) for labels in once)
    groups = np.repeat(np.arange(120), 5)
    found = f1_difference(targets, first, second, POSITIVE, groups=groups)
    expected = f1_difference(*once, POSITIVE)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.rows == 600


def test_large_groups_weigh_by_their_rows() -> None:
    targets, first, second = models(300)
    groups = np.minimum(np.arange(300) // 3, 40)  # one group of 180 rows
    found = f1_difference(targets, first, second, POSITIVE, groups=groups)
    assert found.value == pytest.approx(score(targets, first) - score(targets, second))


def test_a_draw_without_the_class_has_an_f1_of_zero() -> None:
    targets = np.array([POSITIVE, *[0] * 39])
    first, second = targets, np.zeros_like(targets)
    found = f1_difference(targets, first, second, POSITIVE)
    assert (found.low, found.value, found.high) == (0, 1, 1)  # the row is in 64 % of the draws


def test_level_and_seed_are_passed_on() -> None:
    labels = models(200)
    usual, wide = (f1_difference(*labels, POSITIVE, level=level) for level in (0.95, 0.99))
    assert wide.low < usual.low < usual.high < wide.high
    assert f1_difference(*labels, POSITIVE, seed=1) != usual
