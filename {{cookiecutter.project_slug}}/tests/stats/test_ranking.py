from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from {{ cookiecutter.package_name }}.stats.ranking import bootstrap_ranking

Floats = NDArray[np.float64]


def drawn(rows: int, apart: float = 1.0, seed: int = 0) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores of which some are equal, and whether each row is of the class: a third are."""
    random = np.random.default_rng(seed)
    positive = random.random(rows) < 1 / 3
    return np.round(random.normal(size=rows) + apart * positive, 1), positive


@pytest.mark.parametrize("seed", range(4))
def test_both_agree_with_scikit_learn_with_ties(seed: int) -> None:
    scores, positive = drawn(150, seed=seed)
    area, precision = bootstrap_ranking(scores, positive, resamples=100)
    assert area.value == pytest.approx(roc_auc_score(positive, scores))
    assert precision.value == pytest.approx(average_precision_score(positive, scores))
    assert area.low < area.value < area.high
    assert precision.low < precision.value < precision.high


def test_perfect_order_is_one_and_the_reverse_is_none() -> None:
    scores, positive = np.arange(20.0), np.arange(20) >= 12
    assert bootstrap_ranking(scores, positive)[0].value == 1
    assert bootstrap_ranking(-scores, positive)[0].value == 0
    assert bootstrap_ranking(np.zeros(20), positive)[0].value == 0.5


@pytest.mark.slow
def test_the_area_is_held_as_often_as_it_says() -> None:
    truth = 0.7602  # of normal scores one deviation apart: Phi(1 / sqrt 2)
    found = [bootstrap_ranking(*drawn(300, seed=seed), resamples=300)[0] for seed in range(300)]
    assert 0.91 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.98


def test_copies_of_a_row_tell_no_more_than_the_row() -> None:
    scores, positive = drawn(60)
    once = bootstrap_ranking(scores, positive, groups=np.arange(60))[0]
    copied, copies = np.repeat(scores, 5), np.repeat(positive, 5)
    grouped = bootstrap_ranking(copied, copies, groups=np.repeat(np.arange(60), 5))[0]
    alone = bootstrap_ranking(copied, copies)[0]
    assert (grouped.low, grouped.high) == pytest.approx((once.low, once.high))
    assert alone.high - alone.low < 0.6 * (once.high - once.low)
    assert grouped.method == "percentile bootstrap over 60 groups"


def test_scores_of_different_folds_are_not_ranked_among_each_other() -> None:
    scores, positive = drawn(200)
    folds = np.arange(200) % 4
    shares = [positive[folds != fold].mean() for fold in range(4)]
    prior = np.array(shares)[folds]  # what a constant model says, trained without the fold
    assert bootstrap_ranking(prior, positive)[0].value < 0.45
    area, precision = bootstrap_ranking(prior, positive, folds=folds)
    assert area.value == area.low == area.high == 0.5
    assert precision.value == pytest.approx(np.mean(positive), abs=0.05)
    assert area.method == "percentile bootstrap, ranked within 4 folds"
    moved = bootstrap_ranking(scores + 10 * folds, positive, folds=folds)
    assert moved == bootstrap_ranking(scores, positive, folds=folds)
    within = [roc_auc_score(positive[folds == one], scores[folds == one]) for one in range(4)]
    assert moved[0].value == pytest.approx(np.mean(within), abs=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap_ranking([1.0, 2.0], [True, True]), "expected rows of both classes"),
        (lambda: bootstrap_ranking([1.0, float("nan")], [True, False]), r"scores\[1\] is nan"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
