"""Behaviours in the manner of CheckList (Ribeiro et al. 2020), and the table of what held.

A minimum functionality is what any model worth its name can do. An invariance is a change of the
input that must not change the answer. A direction is a change that may move it one way only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..arrays import Rows
from ..schema import Manifest
from .sampling import sample_rows
from .scoring import Predict

if TYPE_CHECKING:
    import polars as pl

Held = tuple[list[str], NDArray[np.bool_]]  # ids, and whether the behaviour held for each of them
Kind = Literal["minimum functionality", "invariance", "directional"]
MOST_TRAINED, MOST_VALUES = 1000, 2**26  # of the training rows that examples are taken from


@dataclass(frozen=True)
class Examples:
    """Prepared rows: ids, inputs, and class numbers or values."""

    ids: list[str]
    inputs: NDArray[Any]
    targets: NDArray[Any]

    @classmethod
    def of(cls, rows: Rows, most: int) -> Examples:
        """Return at most ``most`` of ``rows``, in memory."""
        ids = rows.ids
        places = sample_rows(ids, most)
        inputs, targets = np.array(rows.inputs[places]), np.array(rows.targets[places])
        return cls([ids[place] for place in places], inputs, targets)


@dataclass(frozen=True)
class Trial:
    """What a check is tried on: a model, rows it was not trained on, and some that it was."""

    predict: Predict
    test: Examples
    train: Examples
    manifest: Manifest
    fold: int | None  # whose network it is, and whose statistics count

    @property
    def scale(self) -> float:
        """In what unit answers differ: 1 for probabilities, or the targets' deviation."""
        return 1.0 if self.manifest.classes else float(self.train.targets.std()) or 1.0


@dataclass(frozen=True)
class Behaviour:
    """Something that a model should do, with or without labels."""

    name: str
    kind: Kind
    hard: bool  # whether it must hold for every row; else it is a rate that models differ in
    why: str
    check: Callable[[Trial], Held]


def trained_examples(rows: Rows) -> Examples:
    """Return some training rows, fewer of large ones."""
    values = max(1, int(np.prod(rows.inputs.shape[1:])))
    return Examples.of(rows, min(MOST_TRAINED, max(1, MOST_VALUES // values)))


def check_all(behaviours: list[Behaviour], trial: Trial) -> pl.DataFrame:
    """Return a table of check, kind, hard, id and held: a row for each row that was tried."""
    import polars as pl

    tables: list[pl.DataFrame] = []
    for one in behaviours:
        ids, held = one.check(trial)
        labels = {"check": pl.lit(one.name), "kind": pl.lit(one.kind), "hard": pl.lit(one.hard)}
        columns = {"id": pl.Series(ids, dtype=pl.String), "held": pl.Series(held, dtype=pl.Boolean)}
        tables.append(pl.DataFrame(columns).select(**labels, id="id", held="held"))
    return pl.concat(tables)
