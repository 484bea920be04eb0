"""The runs by hand of a project as cells: which procedure, which fold, which seed, what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import load_split
from ..measures import classification, regression
from ..predictions import Predictions
from ..runtime.composition import recorded_overrides
from ..runtime.errors import UserError, nearest
from ..runtime.files import known_runs
from ..scoring import predict_split

REPEATED = ("seed=", "data.fold=", "run=")  # what may differ between the runs of one procedure


@dataclass(frozen=True)
class Cell:
    """One network: trained on all folds but one (or on the one training split), with one seed."""

    run: str
    procedure: str  # its overrides, without those that repeat it and those that all cells have
    seed: int
    table: Predictions  # of the test rows
    trained_on: int  # rows


def find_cells(project: Path, names: list[str]) -> list[Cell]:
    """Return the trained runs whose names match, each scored on its test rows.

    What all of them have in common, such as the project's own data, is no part of a procedure.

    Raises:
        UserError: when there is none.
    """
    from omegaconf import OmegaConf

    runs = sorted(known_runs(project))
    for name in names:
        if not any(fnmatch(run, name) for run in runs):
            raise UserError(f"{name}: no such run. {nearest(name, runs)}")
    chosen = [run for run in runs if not names or any(fnmatch(run, name) for name in names)]
    cells: list[Cell] = []
    overrides: list[set[str]] = []
    for run in chosen:
        folder = project / "runs" / run
        model, own = folder / "models/network", folder / "data/prepared"
        if model.is_dir():
            prepared = own if own.is_dir() else project / "data/prepared"
            config: Any = OmegaConf.load(folder / "config.yaml")
            own_words = recorded_overrides(project, run)
            overrides.append({word for word in own_words if not word.startswith(REPEATED)})
            table = predict_split(model, prepared, "test")
            trained_on = len(load_split(prepared, "train", config.data.fold).targets)
            cells.append(Cell(run, "", int(config.seed), table, trained_on))
    if not cells:
        raise UserError(
            "no trained run by hand. `uv run train -m seed=0,1,2` makes three, and "
            "`uv run train -m data.fold=0,1,2,3,4 seed=0,1,2` fifteen where the data have folds."
        )
    common = set.intersection(*overrides)
    named = [" ".join(sorted(words - common)) for words in overrides]
    return [replace(cell, procedure=name) for cell, name in zip(cells, named, strict=True)]


def per_row(table: Predictions) -> NDArray[np.float64]:
    """Return what the primary metric is the mean of (rows,): right or not, or absolute error."""
    if table.classes:
        return table.correct.astype(np.float64)
    return np.abs(table.errors).astype(np.float64)


def primary(table: Predictions) -> str:
    """Return the name of the metric that procedures are compared by."""
    return (classification if table.classes else regression).PRIMARY
