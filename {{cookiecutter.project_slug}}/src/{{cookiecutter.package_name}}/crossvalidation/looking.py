"""Runs that are judged by test rows: each of them is a look at the test set."""

from __future__ import annotations

from pathlib import Path

from ..measures.tables import outputs_hash, rows_hash
from ..records.looks import note_look, warning
from .cells import Cell
from .pairs import rows_of


def note_looks(project: Path, cells: list[Cell]) -> str:
    """Add each model to the ledger, the networks of all folds as one; return what is to be said."""
    models = dict.fromkeys((cell.procedure, cell.seed) for cell in cells)
    looks = 0
    for model in models:
        own = [cell for cell in cells if (cell.procedure, cell.seed) == model]
        table = rows_of(own)
        looks = max(looks, note_look(project, rows_hash(table), outputs_hash(table), of=own[0].run))
    return warning(looks)
