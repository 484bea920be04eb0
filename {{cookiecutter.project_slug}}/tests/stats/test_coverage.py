"""How often the intervals hold the truth: simulated, in the range that each is meant for."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from {{ cookiecutter.package_name }}.stats import bootstrap, paired, runs
from {{ cookiecutter.package_name }}.stats.confusion import (
    balanced_accuracy,
    macro_f1,
    matthews,
)
from {{ cookiecutter.package_name }}.stats.intervals import Interval
from {{ cookiecutter.package_name }}.stats.ranking import bootstrap_ranking
from {{ cookiecutter.package_name }}.stats.selective import accuracy_at

pytestmark = pytest.mark.slow

CELLS = np.array([[0.45, 0.03, 0.02], [0.04, 0.24, 0.02], [0.03, 0.03, 0.14]])
TIMES = 400
QUICK: dict[str, Any] = {"resamples": 500}


def coverage(truth: float, intervals: Iterable[Interval]) -> float:
    return float(np.mean([interval.low <= truth <= interval.high for interval in intervals]))


@pytest.mark.parametrize("statistic", [macro_f1, balanced_accuracy, matthews])
def test_statistics_of_the_confusion_matrix_from_300_rows_on(statistic: Any) -> None:
    truth = float(statistic(CELLS))
    samples = np.random.default_rng(1).multinomial(360, CELLS.ravel(), size=TIMES)
    found = [
        bootstrap.bootstrap_confusion(sample.reshape(3, 3), [statistic], **QUICK)[0]
        for sample in samples
    ]
    assert 0.91 <= coverage(truth, found) <= 0.98


def test_the_mean_of_skewed_losses() -> None:
    samples = np.random.default_rng(2).exponential(size=(TIMES, 300))
    found = [bootstrap.bootstrap_mean(sample, **QUICK) for sample in samples]
    assert 0.91 <= coverage(1.0, found) <= 0.98


def test_bca_holds_the_mean_of_very_skewed_errors_more_often() -> None:
    samples = np.random.default_rng(3).lognormal(0, 1, size=(TIMES, 150, 1))
    truth = float(np.exp(1 / 2))
    how = {"resamples": 1000}
    corrected = [bootstrap.bca_means(sample, bootstrap.first_mean, **how) for sample in samples]
    plain = [bootstrap.bootstrap_mean(sample[:, 0], **how) for sample in samples]
    assert coverage(truth, corrected) >= 0.90
    assert coverage(truth, corrected) > coverage(truth, plain)


def test_groups_hold_what_rows_would_miss() -> None:
    random = np.random.default_rng(4)
    of_group = random.normal(size=(TIMES, 80, 1))
    samples = (of_group + random.normal(size=(TIMES, 80, 6))).reshape(TIMES, -1)
    groups = np.repeat(np.arange(80), 6)
    together = [bootstrap.bootstrap_mean(one, groups=groups, **QUICK) for one in samples]
    assert 0.91 <= coverage(0.0, together) <= 0.98
    assert coverage(0.0, (bootstrap.bootstrap_mean(one, **QUICK) for one in samples)) < 0.8


def test_seeds_and_rows_together_hold_what_either_alone_would_miss() -> None:
    random = np.random.default_rng(5)
    of_seed = random.normal(0, 0.01, size=(TIMES, 5, 1))
    chance = np.clip(0.8 + of_seed + random.normal(0, 0.4, size=(TIMES, 1, 300)), 0, 1)
    samples = (random.random(chance.shape) < chance).astype(np.float64)
    truth = float(samples.mean())
    together = [runs.crossed_bootstrap(one, **QUICK) for one in samples]
    assert 0.90 <= coverage(truth, together) <= 0.995
    assert coverage(truth, (runs.paired_t(one.mean(axis=1)) for one in samples)) < 0.90


def test_the_paired_difference_of_two_models() -> None:
    random = np.random.default_rng(6)
    difficulty = random.normal(size=(TIMES, 300))
    first = (difficulty + random.normal(0, 0.5, size=difficulty.shape) < 1.2).astype(np.float64)
    second = (difficulty + random.normal(0, 0.5, size=difficulty.shape) < 1.0).astype(np.float64)
    truth = float((first - second).mean())
    counted = [
        paired.bonett_price(int((a > b).sum()), int((a < b).sum()), 300)
        for a, b in zip(first, second, strict=True)
    ]
    drawn = [
        paired.paired_bootstrap(a[:, None], b[:, None], bootstrap.first_mean, **QUICK)
        for a, b in zip(first, second, strict=True)
    ]
    assert 0.92 <= coverage(truth, counted) <= 0.985
    assert 0.91 <= coverage(truth, drawn) <= 0.98
    width = np.mean([interval.high - interval.low for interval in counted])
    alone = np.sqrt(2) * 2 * 1.96 * np.sqrt(first.mean() * (1 - first.mean()) / 300)
    assert width < 0.8 * alone  # pairing pays


@pytest.mark.parametrize(("chance", "number"), [(0.6, 29), (0.75, 29), (0.75, 10)])
def test_how_often_one_procedure_is_ahead(chance: float, number: int) -> None:
    random = np.random.default_rng(7)
    ahead = np.where(random.random((TIMES, number)) < chance, 1.0, -1.0)
    found = [runs.probability_of_improvement(one, **QUICK) for one in ahead]
    assert 0.88 <= coverage(chance, found) <= 0.99


def test_the_root_of_a_mean_square() -> None:
    samples = np.random.default_rng(8).normal(size=(TIMES, 200, 1)) ** 2
    statistics: list[Any] = [lambda means: np.sqrt(means[..., 0])]
    found = [bootstrap.bootstrap_means(one, statistics, **QUICK)[0] for one in samples]
    assert 0.91 <= coverage(1.0, found) <= 0.98


def test_the_mean_of_five_runs() -> None:
    samples = np.random.default_rng(9).normal(0.01, 0.02, size=(1000, 5))
    assert 0.93 <= coverage(0.01, map(runs.paired_t, samples)) <= 0.97


def test_accuracy_on_the_surest_rows() -> None:
    random = np.random.default_rng(10)
    sure = random.uniform(0.5, 1, size=(1000, 300))  # true probabilities of being right
    right = random.random(sure.shape) < sure
    found = [accuracy_at(0.9, *both) for both in zip(sure, right, strict=True)]
    assert 0.92 <= coverage((0.55 + 1) / 2, found) <= 0.98


def test_average_precision() -> None:
    random = np.random.default_rng(11)
    positive = random.random((TIMES, 400)) < 1 / 3
    scores = random.normal(size=positive.shape) + positive
    ranked = [bootstrap_ranking(*one, resamples=300) for one in zip(scores, positive, strict=True)]
    grid = np.linspace(-6, 8, 20001)  # the mean precision at the scores of rows of the class
    hits, others = norm.sf(grid - 1) / 3, norm.sf(grid) * 2 / 3
    truth = float(np.trapezoid(norm.pdf(grid - 1) * hits / (hits + others), grid))
    assert 0.91 <= coverage(truth, (precision for _, precision in ranked)) <= 0.98
