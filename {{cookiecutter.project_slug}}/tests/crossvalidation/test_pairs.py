from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from toy_runs import HOW, cell, classifiers, regressor, regressors

from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.crossvalidation.pairs import (
    Pair,
    difference,
    over_rows,
    pair_up,
    rows_of,
)
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.runs import corrected_t, crossed_bootstrap

SEEDS, FOLDS = 5, 5


def part(table: Predictions, fold: int, seen: int = 1) -> Predictions:
    """Every FOLDS-th row, or the rows of ``seen`` neighbouring folds."""
    places = np.arange(len(table.ids)) % FOLDS
    return table.select(np.isin(places, [(fold + more) % FOLDS for more in range(seen)]))


def in_folds(errors: np.ndarray, procedure: str, seen: int = 1) -> list[Cell]:
    """Networks (seeds, folds) whose rows are off by ``errors`` (seeds, folds, rows)."""
    return [
        cell(part(regressor(errors[seed, fold]), fold, seen), procedure, seed, fold, trained_on=80)
        for seed in range(len(errors))
        for fold in range(FOLDS)
    ]


def test_ahead_means_right_more_often_or_nearer_to_the_target() -> None:
    (pair, *_) = classifiers(0.8, 0.9, 1000)
    assert pair.ahead.mean() == pytest.approx(0.1, abs=0.01)
    assert set(pair.ahead) <= {-1.0, 0.0, 1.0}
    (pair, *_) = regressors(2.0, 1.5, 1000)
    assert pair.ahead.mean() == pytest.approx(0.5, abs=0.02)


def test_runs_are_paired_by_seed_and_fold_and_not_by_their_order() -> None:
    errors = np.arange(SEEDS * FOLDS * 50).reshape(SEEDS, FOLDS, 50) / 100
    first, second = in_folds(errors, "a"), in_folds(errors + 1, "b")
    pairs = pair_up(first, second[::-1])
    assert len(pairs) == SEEDS * FOLDS
    assert all(pair.ahead == pytest.approx(-1.0) for pair in pairs)
    assert pair_up(first, [replace(one, seed=one.seed + SEEDS) for one in second]) == []


def test_on_one_split_seeds_and_rows_are_drawn_together() -> None:
    pairs = regressors(1.0, 0.9, 200)
    matrix = np.stack([pair.ahead for pair in pairs])
    expected = crossed_bootstrap(matrix, **HOW.bootstrap)
    assert difference(pairs, HOW) == expected


def test_rows_of_one_group_are_drawn_together() -> None:
    groups = pl.DataFrame({"group": [f"person {row // 20}" for row in range(400)]})
    off = np.repeat(np.random.default_rng(0).normal(2, 0.5, 20), 20)
    pairs = [
        Pair(cell(regressor(off + seed / 100)), cell(regressor(np.ones(400)), "b", seed))
        for seed in range(SEEDS)
    ]
    pairs = [replace(pair, first=replace(pair.first, seed=s)) for s, pair in enumerate(pairs)]
    alone = difference(pairs, HOW)
    together = [
        Pair(replace(p.first, table=replace(p.first.table, facts=groups)), p.second) for p in pairs
    ]
    grouped = difference(together, HOW)
    assert grouped.value == pytest.approx(alone.value)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert (grouped.method, grouped.rows) == ("crossed bootstrap over 20 groups", 400)


def test_over_folds_it_is_the_corrected_t_of_the_mean_over_seeds() -> None:
    errors = np.random.default_rng(0).normal(3, 0.3, size=(2, SEEDS, FOLDS, 1))
    first, second = (in_folds(np.broadcast_to(e, (SEEDS, FOLDS, 50)), "a") for e in errors)
    found = difference(pair_up(first, second), HOW)
    by_fold = (errors[0] - errors[1])[..., 0].mean(axis=0)
    expected = corrected_t(by_fold, 10 / 80)
    assert (found.low, found.value, found.high) == pytest.approx(
        (expected.low, expected.value, expected.high)
    )
    assert (found.method, found.rows) == ("corrected resampled t", 50)


def test_equal_procedures_in_folds_differ_for_sure_in_one_of_twenty_at_most() -> None:
    generator = np.random.default_rng(0)
    mistakes = 0
    for _ in range(200):
        apart = generator.normal(0, 1, size=(1, 1, 60)) + generator.normal(0, 0.1, (3, FOLDS, 1))
        first = in_folds(np.full((3, FOLDS, 60), 9.0), "a")
        found = difference(pair_up(first, in_folds(9.0 + apart, "b")), HOW)
        mistakes += not found.low <= 0 <= found.high
    assert mistakes <= 10


def test_rows_that_several_folds_are_judged_by_count_once() -> None:
    errors = np.random.default_rng(0).normal(3, 1, size=(2, SEEDS, 1, 50))
    first, second = (in_folds(np.broadcast_to(e, (SEEDS, FOLDS, 50)), "a", seen=4) for e in errors)
    found = difference(pair_up(first, second), HOW)
    matrix = (np.abs(errors[0]) - np.abs(errors[1]))[:, 0]
    assert found.value == pytest.approx(matrix.mean())
    assert (found.method, found.rows) == ("crossed bootstrap", 50)
    assert len(rows_of(first).ids) == 50


def test_a_seed_that_lacks_a_fold_is_refused_also_where_others_cover_its_rows() -> None:
    first = in_folds(np.ones((2, FOLDS, 50)), "a", seen=2)[:-1]
    values = [np.abs(one.table.errors) for one in first]
    with pytest.raises(UserError, match="the pairs: seed=1 has 80 of 100 rows"):
        over_rows(first, values, "the pairs")


def test_runs_that_are_judged_by_other_rows_are_named() -> None:
    other = cell(regressor(np.ones(40)), "a", seed=1)
    with pytest.raises(UserError, match="run=a-1: it is judged by other rows than a-0 is"):
        rows_of([cell(regressor(np.ones(50)), "a"), other])
