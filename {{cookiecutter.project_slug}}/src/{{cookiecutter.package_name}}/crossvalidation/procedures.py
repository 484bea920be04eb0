"""Numbers of a procedure over seeds and folds, and paired differences of two."""

from __future__ import annotations

from typing import Any

from ..measures.uncertainty import Uncertainty
from .cells import Cell, measures_for, per_row
from .pairs import crossed, difference, over_rows, pair_up, rows_of


def summarise(cells: list[Cell], how: Uncertainty) -> list[dict[str, Any]]:
    """Return one entry for each procedure, the one with the fewest changes first.

    The interval says how much other rows and other seeds together would move the mean.

    Raises:
        UserError: when a seed lacks folds that another has.
    """
    entries: list[dict[str, Any]] = []
    for procedure in procedures_of(cells):
        own = cells_of(cells, procedure)
        values = [per_row(cell.table) for cell in own]
        matrix = over_rows(own, values, procedure or "as configured")
        by_seed = matrix.mean(axis=1)
        entries.append(
            {
                "procedure": procedure,
                "metric": measures_for(own[0].table).PRIMARY,
                **crossed(matrix, rows_of(own), how).as_dict(),
                "seeds": len(matrix),
                "sd": float(by_seed.std(ddof=1)) if len(matrix) > 1 else None,
                "runs": [cell.run for cell in own],
            }
        )
    return entries


def compare(cells: list[Cell], how: Uncertainty) -> list[dict[str, Any]]:
    """Return how far each procedure is ahead of the first, where two cells are common to both.

    ``value``, ``low`` and ``high`` are above zero where it is better, also when it errs less.
    """
    reference, *others = procedures_of(cells)
    entries: list[dict[str, Any]] = []
    for procedure in others:
        pairs = pair_up(cells_of(cells, reference), cells_of(cells, procedure))
        if len(pairs) < 2:
            continue
        entries.append(
            {
                "procedure": procedure,
                "reference": reference,
                "metric": measures_for(pairs[0].first.table).PRIMARY,
                **difference(pairs, how).as_dict(),
                "pairs": len(pairs),
            }
        )
    return entries


def procedures_of(cells: list[Cell]) -> list[str]:
    """Return the procedures, the one with the fewest changes first."""
    return sorted({cell.procedure for cell in cells}, key=lambda name: (len(name.split()), name))


def cells_of(cells: list[Cell], procedure: str) -> list[Cell]:
    """Return the cells of one procedure, each seed and fold once: the last run of it counts."""
    own = {(cell.seed, cell.fold): cell for cell in cells if cell.procedure == procedure}
    return list(own.values())
