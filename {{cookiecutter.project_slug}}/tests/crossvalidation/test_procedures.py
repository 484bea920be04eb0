import numpy as np
import pytest
import toy_runs
from toy_runs import HOW

from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.crossvalidation.procedures import (
    compare,
    procedures_of,
    summarise,
)
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError

ROWS, FOLDS = 30, 3


def cell(procedure: str, seed: int, fold: int, off: float) -> Cell:
    """A regression whose test rows are those of a fold, each ``off`` from its target."""
    ids = [f"row {row}" for row in range(fold, ROWS, FOLDS)]
    targets = np.arange(len(ids), dtype=float)
    table = Predictions(ids, [], targets, targets + off)
    return toy_runs.cell(table, procedure, seed, fold, trained_on=20)


def cells(procedure: str, errors: list[list[float]]) -> list[Cell]:
    """One list of errors of each fold for each seed."""
    return [
        cell(procedure, seed, fold, off)
        for seed, folds in enumerate(errors)
        for fold, off in enumerate(folds)
    ]


def test_a_procedure_is_the_mean_over_rows_and_seeds() -> None:
    (entry,) = summarise(cells("", [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]), HOW)
    assert entry["value"] == pytest.approx(2.5)
    assert entry["sd"] == pytest.approx(np.std([2.0, 3.0], ddof=1))
    assert (entry["seeds"], entry["rows"], entry["metric"]) == (2, ROWS, "mae")
    assert entry["low"] < 2.5 < entry["high"]


def test_one_seed_says_nothing_of_seeds() -> None:
    (entry,) = summarise(cells("", [[1.0, 2.0, 3.0]]), HOW)
    assert entry["sd"] is None


def test_seeds_that_disagree_widen_the_interval() -> None:
    (agreeing,) = summarise(cells("", [[1.0, 2.0, 3.0]] * 4), HOW)
    (disagreeing,) = summarise(cells("", [[off, off + 1, off + 2] for off in (1, 3, 5, 7)]), HOW)
    assert disagreeing["high"] - disagreeing["low"] > 2 * (agreeing["high"] - agreeing["low"])


def test_a_seed_that_lacks_a_fold_is_named() -> None:
    lacking = cells("model.width=8", [[1.0, 2.0, 3.0], [1.0, 2.0]])
    with pytest.raises(UserError, match=r"model.width=8: seed=1 has 20 of 30 rows"):
        summarise(lacking, HOW)


def test_the_last_run_of_a_seed_and_fold_counts() -> None:
    (entry,) = summarise([*cells("", [[1.0, 2.0, 3.0]]), cell("", 0, 2, 6.0)], HOW)
    assert entry["value"] == pytest.approx(3.0)


def test_the_fewest_changes_come_first() -> None:
    names = ["b=1", "a=1 b=1", "", "a=2"]
    assert procedures_of([cell(name, 0, 0, 1.0) for name in names]) == ["", "a=2", "b=1", "a=1 b=1"]


def test_who_errs_less_is_ahead() -> None:
    first, second = [[1.0, 2.0, 3.0], [1.5, 2.5, 3.5]], [[0.5, 2.0, 2.0], [1.5, 2.0, 3.0]]
    (entry,) = compare([*cells("", first), *cells("a=1", second)], HOW)
    assert entry["value"] == pytest.approx(np.mean(first) - np.mean(second))
    assert entry["low"] < entry["value"] < entry["high"]
    assert (entry["procedure"], entry["reference"], entry["pairs"]) == ("a=1", "", 6)


def test_only_cells_that_both_have_are_compared() -> None:
    both = [*cells("", [[1.0, 2.0, 3.0]]), cell("a=1", 0, 0, 1.0)]
    assert compare(both, HOW) == []  # one pair says nothing
    (entry,) = compare([*both, cell("a=1", 0, 2, 1.0), cell("a=1", 9, 1, 0.0)], HOW)
    assert entry["pairs"] == 2
    assert entry["value"] == pytest.approx(1.0)
