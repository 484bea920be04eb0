"""The predictions table: one file per model and split, from which every number is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .checks.table import PROBABILITY, read_table

GROUP = "group"  # the column of facts that says which rows belong together
FACT = "fact "  # and then its name: the columns of what else is known of a row


@dataclass(frozen=True)
class Predictions:
    """What one model says of one split. A class is a number into ``classes``; none: regression."""

    ids: list[str]
    classes: list[str]
    targets: NDArray[Any]  # (rows,): class numbers or values
    outputs: NDArray[np.floating]  # probabilities (rows, classes), or predicted values (rows,)
    fold: NDArray[np.int64] | None = None  # (rows,): the fold whose model was not trained on it
    facts: pl.DataFrame | None = None  # what is known of each row beside its inputs, by name

    @property
    def probabilities(self) -> NDArray[np.floating]:
        """The probability of each class (rows, classes); each row sums to 1."""
        return self.outputs

    @property
    def predicted(self) -> NDArray[Any]:
        """The most probable class, or the predicted value (rows,)."""
        return self.outputs.argmax(axis=1) if self.classes else self.outputs

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the most probable class is the target (rows,)."""
        return self.predicted == self.targets

    @property
    def errors(self) -> NDArray[np.floating]:
        """Predicted value minus target (rows,), in the target's unit."""
        return self.outputs - self.targets

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (classes, classes): rows are targets, columns are predictions."""
        size = len(self.classes)
        cells = np.bincount(self.targets * size + self.predicted, minlength=size**2)
        return cells.reshape(size, size)

    @classmethod
    def together(cls, tables: list[Predictions], folds: list[int | None]) -> Predictions:
        """Put the tables of several folds below each other; a single one stays as it is."""
        if len(tables) == 1:
            return tables[0]
        numbers = [np.full(len(t.ids), fold) for t, fold in zip(tables, folds, strict=True)]
        facts = [table.facts for table in tables if table.facts is not None]
        return replace(
            tables[0],
            ids=[name for table in tables for name in table.ids],
            targets=np.concatenate([table.targets for table in tables]),
            outputs=np.concatenate([table.outputs for table in tables]),
            fold=np.concatenate(numbers),
            facts=pl.concat(facts) if facts else None,
        )

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Predictions:
        """Return some of the rows, by a mask (rows,) or by their places."""
        places = np.arange(len(self.ids))[rows]
        return replace(
            self,
            ids=[self.ids[place] for place in places],
            targets=self.targets[places],
            outputs=self.outputs[places],
            fold=None if self.fold is None else self.fold[places],
            facts=None if self.facts is None else self.facts[places],
        )

    def save(self, file: Path) -> None:
        """Write the table: id, target, prediction, a probability of each class, fold, facts."""
        file.parent.mkdir(parents=True, exist_ok=True)
        columns: dict[str, Any] = {"id": self.ids, "target": self.targets}
        columns["prediction"] = self.predicted
        if self.classes:
            names = pl.Series(self.classes, dtype=pl.String)  # NumPy drops zeros at the end
            named = {key: names.gather(columns[key]) for key in ("target", "prediction")}
            chances = {PROBABILITY + n: self.outputs[:, i] for i, n in enumerate(self.classes)}
            columns |= named | chances
        if self.fold is not None:
            columns["fold"] = self.fold
        if self.facts is not None:
            prefixes = {name: "" if name == GROUP else FACT for name in self.facts.columns}
            columns |= {prefixes[name] + name: self.facts[name] for name in prefixes}
        pl.DataFrame(columns).write_parquet(file)

    @classmethod
    def load(cls, file: Path) -> Predictions:
        """Read a table that ``save`` wrote.

        Raises:
            UserError: when it is not whole, or holds what no model may say (checks/table.py).
        """
        table, classes = read_table(file)
        targets, outputs = table["target"], table["prediction"]
        if classes:
            targets = targets.replace_strict(classes, range(len(classes)), return_dtype=pl.Int64)
            outputs = table.select(PROBABILITY + name for name in classes)
        fold = table["fold"].to_numpy() if "fold" in table.columns else None
        own = [name for name in table.columns if name == GROUP or name.startswith(FACT)]
        facts = table.select(own).rename(lambda name: name.removeprefix(FACT)) if own else None
        ids = table["id"].to_list()
        return cls(ids, classes, targets.to_numpy(), outputs.to_numpy(), fold, facts)
