import numpy as np
import pytest

from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.crossvalidation.procedures import (
    compare,
    procedures_of,
    summarise,
)
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.runs import corrected_t

ROWS, FOLDS = 30, 3


def cell(procedure: str, seed: int, fold: int, off: float, trained_on: int = 20) -> Cell:
    """A regression whose test rows are those of a fold, each ``off`` from its target."""
    ids = [f"row {row}" for row in range(fold, ROWS, FOLDS)]
    targets = np.arange(len(ids), dtype=float)
    table = Predictions(ids, [], targets, targets + off)
    return Cell(f"{procedure} {seed} {fold}", procedure, seed, table, trained_on)


def cells(procedure: str, errors: list[list[float]]) -> list[Cell]:
    """One list of errors of each fold for each seed."""
    return [
        cell(procedure, seed, fold, off)
        for seed, folds in enumerate(errors)
        for fold, off in enumerate(folds)
    ]


def test_a_procedure_is_the_mean_over_rows_and_seeds() -> None:
    (entry,) = summarise(cells("", [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]))
    assert entry["value"] == pytest.approx(2.5)
    assert entry["sd"] == pytest.approx(np.std([2.0, 3.0], ddof=1))
    assert (entry["seeds"], entry["rows"], entry["metric"]) == (2, ROWS, "mae")
    assert entry["low"] < 2.5 < entry["high"]


def test_one_seed_says_nothing_of_seeds() -> None:
    (entry,) = summarise(cells("", [[1.0, 2.0, 3.0]]))
    assert entry["sd"] is None


def test_seeds_that_disagree_widen_the_interval() -> None:
    (agreeing,) = summarise(cells("", [[1.0, 2.0, 3.0]] * 4))
    (disagreeing,) = summarise(cells("", [[off, off + 1, off + 2] for off in (-2, 0, 2, 4)]))
    assert disagreeing["high"] - disagreeing["low"] > 2 * (agreeing["high"] - agreeing["low"])


def test_a_seed_that_lacks_a_fold_is_named() -> None:
    lacking = cells("model.width=8", [[1.0, 2.0, 3.0], [1.0, 2.0]])
    with pytest.raises(UserError, match=r"model.width=8: seed=1 has 20 of 30 rows"):
        summarise(lacking)


def test_the_fewest_changes_come_first() -> None:
    names = ["b=1", "a=1 b=1", "", "a=2"]
    assert procedures_of([cell(name, 0, 0, 1.0) for name in names]) == ["", "a=2", "b=1", "a=1 b=1"]


def test_procedures_are_compared_cell_by_cell_with_the_rows_they_were_trained_on() -> None:
    first, second = [[1.0, 2.0, 3.0], [1.5, 2.5, 3.5]], [[0.5, 2.0, 2.0], [1.5, 2.0, 3.0]]
    both = [*cells("", first), *cells("a=1", second)]
    (entry,) = compare(both)
    differences = (np.array(second) - np.array(first)).ravel()
    expected = corrected_t(differences, 10 / 20)
    assert (entry["low"], entry["high"]) == pytest.approx((expected.low, expected.high))
    assert (entry["procedure"], entry["reference"], entry["pairs"]) == ("a=1", "", 6)


def test_only_cells_that_both_have_are_compared() -> None:
    both = [*cells("", [[1.0, 2.0, 3.0]]), cell("a=1", 0, 0, 1.0)]
    assert compare(both) == []  # one pair says nothing
    (entry,) = compare([*both, cell("a=1", 0, 2, 1.0), cell("a=1", 9, 1, 0.0)])
    assert entry["pairs"] == 2
    assert entry["value"] == pytest.approx(-1.0)


def test_seeds_on_one_split_share_no_rows_to_correct_for() -> None:
    first = [cell("", seed, 0, 1.0 + seed / 10) for seed in range(4)]
    second = [cell("a=1", seed, 0, 1.2 + seed / 5) for seed in range(4)]
    (entry,) = compare([*first, *second])
    expected = corrected_t([0.2, 0.3, 0.4, 0.5], 0.0)
    assert (entry["low"], entry["high"]) == pytest.approx((expected.low, expected.high))
