"""Numbers of a procedure over seeds and folds, and paired differences of two."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..runtime.errors import UserError
from ..stats.runs import corrected_t, crossed_bootstrap
from .cells import Cell, per_row, primary

Scores = dict[int, dict[str, float]]  # of each seed, of each row by its id


def summarise(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return one entry for each procedure, the one with the fewest changes first.

    The interval says how much other rows and other seeds together would move the mean.

    Raises:
        UserError: when a seed lacks folds that another has.
    """
    entries: list[dict[str, Any]] = []
    for procedure in procedures_of(cells):
        own = [cell for cell in cells if cell.procedure == procedure]
        matrix = _matrix(procedure, _scores(own))
        interval = crossed_bootstrap(matrix)
        by_seed = matrix.mean(axis=1)
        entries.append(
            {
                "procedure": procedure,
                "metric": primary(own[0].table),
                **interval.as_dict(),
                "seeds": len(matrix),
                "sd": float(by_seed.std(ddof=1)) if len(matrix) > 1 else None,
                "runs": [cell.run for cell in own],
            }
        )
    return entries


def compare(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the difference of each procedure to the first, where both have two cells in common."""
    reference, *others = procedures_of(cells)
    entries: list[dict[str, Any]] = []
    for procedure in others:
        pairs = _pairs(cells, reference, procedure)
        if len(pairs) < 2:
            continue
        first = pairs[0][0].table
        in_folds = _all_rows(cells, reference) > len(first.ids)
        shares = [len(cell.table.ids) / cell.trained_on for cell, _ in pairs]
        share = float(np.mean(shares)) if in_folds else 0.0
        differences = [per_row(b.table).mean() - per_row(a.table).mean() for a, b in pairs]
        entries.append(
            {
                "procedure": procedure,
                "reference": reference,
                "metric": primary(first),
                **corrected_t(differences, share).as_dict(),
                "pairs": len(pairs),
            }
        )
    return entries


def procedures_of(cells: list[Cell]) -> list[str]:
    """Return the procedures, the one with the fewest changes first."""
    return sorted({cell.procedure for cell in cells}, key=lambda name: (len(name.split()), name))


def _scores(cells: list[Cell]) -> Scores:
    scores: Scores = {}
    for cell in cells:
        own = dict(zip(cell.table.ids, per_row(cell.table).tolist(), strict=True))
        scores[cell.seed] = scores.get(cell.seed, {}) | own
    return scores


def _matrix(procedure: str, scores: Scores) -> NDArray[np.float64]:
    ids = sorted({name for own in scores.values() for name in own})
    for seed, own in scores.items():
        if len(own) < len(ids):
            raise UserError(
                f"{procedure or 'as configured'}: seed={seed} has {len(own)} of {len(ids)} rows; "
                "train the folds that it lacks, or leave its runs out by naming the others."
            )
    return np.array([[own[name] for name in ids] for own in scores.values()])


def _pairs(cells: list[Cell], first: str, second: str) -> list[tuple[Cell, Cell]]:
    def keyed(procedure: str) -> dict[tuple[int, str], Cell]:
        own = [cell for cell in cells if cell.procedure == procedure]
        return {(cell.seed, "\n".join(cell.table.ids)): cell for cell in own}

    left, right = keyed(first), keyed(second)
    return [(left[key], right[key]) for key in left if key in right]


def _all_rows(cells: list[Cell], procedure: str) -> int:
    return len({name for c in cells if c.procedure == procedure for name in c.table.ids})
