"""What works on whole arrays gives what its definition gives, written as plain loops over rows."""

from math import exp, log
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.stats import confusion, ranking, resampling
from {{ cookiecutter.package_name }}.stats.calibration import (
    brier_scores,
    calibration,
    log_losses,
)
from {{ cookiecutter.package_name }}.stats.selective import risk_coverage
from {{ cookiecutter.package_name }}.stats.temperature import sharpened

Floats = NDArray[np.float64]
tenths = some.integers(0, 10).map(lambda number: number / 10)  # few values: some are equal
judged = some.lists(some.tuples(tenths, some.booleans()), min_size=1, max_size=30)
both_classes = judged.filter(lambda rows: len({right for _, right in rows}) == 2)
matrices = some.lists(
    some.lists(some.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3
).filter(lambda rows: any(map(any, rows)))


def ranked(rows: list[tuple[float, bool]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many rows of the class, and others, have each score, the highest first."""
    scores = sorted({score for score, _ in rows}, reverse=True)
    hits = [sum(right for one, right in rows if one == score) for score in scores]
    misses = [sum(not right for one, right in rows if one == score) for score in scores]
    return np.array(hits), np.array(misses)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(both_classes)
def test_the_area_is_the_share_of_pairs_that_are_in_order(rows: list[tuple[float, bool]]) -> None:
    inside, outside = (
        [score for score, right in rows if right is which] for which in (True, False)
    )
    pairs = [(one > other) + (one == other) / 2 for one in inside for other in outside]
    np.testing.assert_allclose(ranking.auroc(*ranked(rows)), sum(pairs) / len(pairs))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(both_classes)
def test_average_precision_is_the_mean_over_the_rows_of_the_class(
    rows: list[tuple[float, bool]],
) -> None:
    precisions: list[float] = []
    for score, right in rows:
        above = [hit for one, hit in rows if one >= score]
        precisions += [sum(above) / len(above)] if right else []
    expected = sum(precisions) / len(precisions)
    np.testing.assert_allclose(ranking.average_precision(*ranked(rows)), expected)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(matrices)
def test_statistics_of_a_confusion_matrix_follow_from_its_cells(counts: list[list[int]]) -> None:
    rows = [
        (true, said) for true in range(3) for said in range(3) for _ in range(counts[true][said])
    ]
    recalls: list[float] = []
    harmonic: list[float] = []
    for name in range(3):
        right = sum(true == said == name for true, said in rows)
        true, said = (sum(pair[side] == name for pair in rows) for side in (0, 1))
        recalls += [right / true] if true else []
        harmonic += [2 * right / (true + said)] if true + said else []
    balanced, f1 = sum(recalls) / len(recalls), sum(harmonic) / len(harmonic)
    np.testing.assert_allclose(confusion.balanced_accuracy(counts), balanced)
    np.testing.assert_allclose(confusion.macro_f1(counts), f1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(judged, some.integers(1, 12))
def test_bins_of_calibration_hold_the_rows_that_are_as_sure(
    rows: list[tuple[float, bool]], bins: int
) -> None:
    sure, right = zip(*rows, strict=True)
    found = calibration(sure, right, bins=bins, draws=5)
    members: dict[int, list[int]] = {}
    for place, one in enumerate(sure):
        members.setdefault(min(int(one * bins), bins - 1), []).append(place)
    error = 0.0
    for place, number in enumerate(sorted(members)):
        inside = members[number]
        mean = sum(sure[row] for row in inside) / len(inside)
        share = sum(right[row] for row in inside) / len(inside)
        error += abs(share - mean) * len(inside) / len(rows)
        assert found.bins.rows[place] == len(inside)
        np.testing.assert_allclose(found.bins.confidence[place], mean, atol=1e-12)
        np.testing.assert_allclose(found.bins.accuracy[place], share, atol=1e-12)
    np.testing.assert_allclose(found.error, error, atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(judged)
def test_risk_at_each_coverage_is_counted_row_by_row(rows: list[tuple[float, bool]]) -> None:
    coverage, risk = risk_coverage(*zip(*rows, strict=True))
    for place, least in enumerate(sorted({sure for sure, _ in rows}, reverse=True)):
        kept = [right for sure, right in rows if sure >= least]
        np.testing.assert_allclose(coverage[place], len(kept) / len(rows))
        np.testing.assert_allclose(risk[place], 1 - sum(kept) / len(kept), atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.integers(0, 2**32), some.integers(1, 8), some.integers(2, 5))
def test_scores_of_probabilities_are_those_of_each_row(seed: int, rows: int, classes: int) -> None:
    random = np.random.default_rng(seed)
    scores, targets = random.normal(size=(rows, classes)), random.integers(0, classes, rows)
    given_ = sharpened(scores, 0.5)
    for row, target in enumerate(targets):
        weights = [exp(0.5 * score) for score in scores[row]]
        said = [weight / sum(weights) for weight in weights]
        squares = [(p - (k == target)) ** 2 for k, p in enumerate(said)]
        np.testing.assert_allclose(given_[row], said)
        np.testing.assert_allclose(log_losses(given_, targets)[row], -log(said[target]))
        np.testing.assert_allclose(brier_scores(given_, targets)[row], sum(squares))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.integers(0, 2**32), some.integers(1, 12))
def test_a_resample_is_the_mean_of_the_rows_that_it_drew(seed: int, rows: int) -> None:
    units = np.random.default_rng(seed).normal(size=(rows, 2))
    statistics: list[Any] = [lambda means: means[..., 0], lambda means: means[..., 1] ** 2]
    found = resampling.mean_draws(units, statistics, 100, seed)
    drawn = np.random.Generator(np.random.SFC64(seed)).integers(rows, size=(100, rows))
    for place, chosen in enumerate(drawn):
        first = sum(units[row, 0] for row in chosen) / rows
        second = sum(units[row, 1] for row in chosen) / rows
        np.testing.assert_allclose(found[place], [first, second**2], atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.lists(some.tuples(tenths, some.sampled_from("abc")), min_size=2, max_size=20))
def test_sums_of_groups_are_added_row_by_row(rows: list[tuple[float, str]]) -> None:
    if len({group for _, group in rows}) < 2:
        return
    values, groups = zip(*rows, strict=True)
    sums, sizes = resampling.group_sums(np.array(values)[:, None], groups)
    for place, name in enumerate(sorted(set(groups))):
        inside = [value for value, group in rows if group == name]
        np.testing.assert_allclose(sums[place, 0], sum(inside), atol=1e-12)
        assert sizes[place] == len(inside)
