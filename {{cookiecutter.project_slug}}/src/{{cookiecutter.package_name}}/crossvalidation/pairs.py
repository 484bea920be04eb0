"""Two procedures with the same seeds, folds and rows: how far the second one is ahead.

Ahead is always better: more often right, or nearer to the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..measures.folds import compare_folds
from ..measures.groups import group_means, groups_of
from ..measures.uncertainty import Uncertainty
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..stats.intervals import Interval
from ..stats.runs import crossed_bootstrap
from .cells import Cell, measures_for

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """The networks of both procedures with one seed, trained without the same fold."""

    first: Cell
    second: Cell

    @property
    def ahead(self) -> Matrix:
        """By how much less the second one is wrong (rows,)."""
        errors_of = measures_for(self.first.table).errors_of
        return errors_of(self.first.table) - errors_of(self.second.table)


def pair_up(first: list[Cell], second: list[Cell]) -> list[Pair]:
    """Return the cells that both procedures have: the same seed, fold and rows."""

    def keyed(cells: list[Cell]) -> dict[tuple[int, str], Cell]:
        return {(cell.seed, f"{cell.fold} " + "\n".join(cell.table.ids)): cell for cell in cells}

    left, right = keyed(first), keyed(second)
    return [Pair(left[key], right[key]) for key in left if key in right]


def difference(pairs: list[Pair], how: Uncertainty) -> Interval:
    """Return how far the second procedure is ahead, as sure as other seeds and rows allow.

    On one split the interval is a bootstrap over seeds and rows. Where the folds share out the rows
    it is the corrected t over folds, each of them the mean over its seeds: seeds on the same rows
    are no further evidence about rows, and counted as such they double its mistakes.
    """
    cells = [pair.first for pair in pairs]
    rows, ahead = rows_of(cells), [pair.ahead for pair in pairs]
    matrix = over_rows(cells, ahead, "the pairs")
    if not each_row_in_one_fold(cells):
        return crossed(matrix, rows, how)
    share = float(np.mean([len(cell.table.ids) / cell.trained_on for cell in cells]))
    found = compare_folds(matrix.mean(axis=0), fold_of_rows(cells), share, how.level)
    found.pop("p_value")
    return Interval(**found)


def crossed(matrix: Matrix, rows: Predictions, how: Uncertainty) -> Interval:
    """Return the mean of (seeds, rows), with a bootstrap over seeds and over rows or groups."""
    groups = groups_of(rows)
    units = matrix if groups is None else np.stack([group_means(row, groups) for row in matrix])
    found = crossed_bootstrap(units, **how.bootstrap)
    over = "" if groups is None else f" over {units.shape[1]} groups"
    return Interval(found.value, found.low, found.high, found.method + over, len(rows.ids))


def over_rows(cells: list[Cell], values: Sequence[Matrix], whose: str) -> Matrix:
    """Return values (seeds, rows) from those of each cell's rows; those of several folds averaged.

    Raises:
        UserError: when a seed lacks rows that another has.
    """
    places = {name: place for place, name in enumerate(rows_of(cells).ids)}
    seeds = sorted({cell.seed for cell in cells})
    sums, counts = np.zeros((2, len(seeds), len(places)))
    for cell, own in zip(cells, values, strict=True):
        seed, columns = seeds.index(cell.seed), [places[name] for name in cell.table.ids]
        sums[seed, columns] += own
        counts[seed, columns] += 1
    most = counts.max(axis=0)
    for seed, count in zip(seeds, counts, strict=True):
        if (count < most).any():
            raise UserError(
                f"{whose}: seed={seed} has {count.sum():g} of {most.sum():g} rows; train the folds "
                "that it lacks, or leave its runs out by naming the others."
            )
    return sums / counts


def rows_of(cells: list[Cell]) -> Predictions:
    """Return the table of all rows that the cells are judged by, each row once."""
    tables = _by_fold(cells)
    together = Predictions.together(list(tables.values()), list(tables))
    _, first = np.unique(np.array(together.ids), return_index=True)
    return together if len(first) == len(together.ids) else together.select(np.sort(first))


def fold_of_rows(cells: list[Cell]) -> NDArray[np.int64]:
    """Return the fold of each row of ``rows_of`` (rows,), where it has one."""
    tables = _by_fold(cells)
    return np.concatenate([np.full(len(t.ids), fold) for fold, t in tables.items()])


def each_row_in_one_fold(cells: list[Cell]) -> bool:
    """Whether the cells are of several folds that share out the rows, as test rows do."""
    tables = _by_fold(cells)
    rows = [name for table in tables.values() for name in table.ids]
    return len(tables) > 1 and len(rows) == len(set(rows))


def _by_fold(cells: list[Cell]) -> dict[int | None, Predictions]:
    folds = sorted({cell.fold for cell in cells}, key=lambda fold: -1 if fold is None else fold)
    tables = {cell.fold: cell.table for cell in reversed(cells)}
    for cell in cells:
        if cell.table.ids != tables[cell.fold].ids:
            raise UserError(f"run={cell.run}: it is judged by other rows than {cells[0].run} is.")
    return {fold: tables[fold] for fold in folds}
