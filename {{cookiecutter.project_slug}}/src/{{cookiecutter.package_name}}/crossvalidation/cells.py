"""The runs by hand of a project as cells: which procedure, which fold, which seed, what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from ..arrays import load_split
from ..measures import classification, regression
from ..predictions import Predictions
from ..runtime.composition import recorded_overrides
from ..runtime.errors import UserError, nearest
from ..runtime.files import known_runs
from ..scoring import load_networks, predict_rows

REPEATED = ("seed=", "data.fold=", "run=")  # what may differ between the runs of one procedure


@dataclass(frozen=True)
class Cell:
    """One network: trained on all folds but one (or on the one training split), with one seed."""

    run: str
    procedure: str  # its overrides, without those that repeat it and those that all cells have
    seed: int
    fold: int | None  # the one whose rows it was not trained on; None: there are no folds
    table: Predictions  # of the rows that it is judged by
    trained_on: int  # rows


def find_cells(project: Path, names: list[str], split: str) -> list[Cell]:
    """Return the networks of the runs whose names match, each scored on its rows of ``split``.

    What all of them have in common, such as the project's own data, is no part of a procedure.

    Raises:
        UserError: when there is none.
    """
    runs = sorted(known_runs(project))
    for name in names:
        if not any(fnmatch(run, name) for run in runs):
            raise UserError(f"{name}: no such run. {nearest(name, runs)}")
    chosen = [run for run in runs if not names or any(fnmatch(run, name) for name in names)]
    trained = [run for run in chosen if (project / "runs" / run / "models/network").is_dir()]
    if not trained:
        raise UserError(
            "no trained run by hand. `uv run train -m seed=0,1,2` makes three, and "
            "`uv run train -m data.fold=0,1,2,3,4 seed=0,1,2` fifteen where the data have folds."
        )
    own = {run: _own_overrides(project, run) for run in trained}
    common = set.intersection(*own.values())
    return [
        replace(cell, procedure=" ".join(sorted(own[run] - common)))
        for run in trained
        for cell in score_run(project, run, split)
    ]


def score_run(project: Path, run: str, split: str) -> list[Cell]:
    """Return the network of a run, or one for each fold that it was trained for, with its rows.

    Raises:
        UserError: when it was trained on other data, or does not predict finite numbers.
    """
    folder = project / "runs" / run
    own = folder / "data/prepared"
    prepared = own if own.is_dir() else project / "data/prepared"
    cells: list[Cell] = []
    for fold, network in load_networks(folder / "models/network", prepared).items():
        table = predict_rows({fold: network}, prepared, split, named=())  # with their groups
        if not np.isfinite(table.outputs).all():
            raise UserError(f"runs/{run}: its network does not say a finite number for every row.")
        trained_on = len(load_split(prepared, "train", fold).targets)
        cells.append(Cell(run, "", int(network.facts["seed"]), fold, table, trained_on))
    return cells


def per_row(table: Predictions) -> NDArray[np.float64]:
    """Return what the primary metric is the mean of (rows,): right or not, or absolute error."""
    if table.classes:
        return table.correct.astype(np.float64)
    return regression.errors_of(table)


def measures_for(table: Predictions) -> ModuleType:
    """Return the module that measures this kind of target."""
    return classification if table.classes else regression


def _own_overrides(project: Path, run: str) -> set[str]:
    words = recorded_overrides(project, run)
    return {word for word in words if not word.startswith(REPEATED)}
