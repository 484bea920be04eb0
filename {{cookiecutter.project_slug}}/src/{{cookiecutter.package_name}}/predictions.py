"""The predictions table: one file per model and split, from which every number is computed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

PROBABILITY = "probability "  # and then the class: the columns of a class's probability


@dataclass(frozen=True)
class Predictions:
    """What one model says of one split. Classes are numbers into ``classes``."""

    ids: list[str]
    classes: list[str]
    targets: NDArray[np.int64]  # (rows,)
    probabilities: NDArray[np.floating]  # (rows, classes), each row sums to 1

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class (rows,)."""
        return self.probabilities.argmax(axis=1)

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the most probable class is the target (rows,)."""
        return self.predicted == self.targets

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (classes, classes): rows are targets, columns are predictions."""
        size = len(self.classes)
        cells = np.bincount(self.targets * size + self.predicted, minlength=size**2)
        return cells.reshape(size, size)

    def save(self, file: Path) -> None:
        """Write the table: id, target, prediction, and one probability per class."""
        file.parent.mkdir(parents=True, exist_ok=True)
        names = np.array(self.classes)
        columns = {
            "id": self.ids,
            "target": names[self.targets],
            "prediction": names[self.predicted],
        }
        table = pl.DataFrame({key: list(values) for key, values in columns.items()})
        for number, name in enumerate(self.classes):
            table = table.with_columns(pl.Series(PROBABILITY + name, self.probabilities[:, number]))
        table.write_parquet(file)

    @classmethod
    def load(cls, file: Path) -> Predictions:
        """Read a table that ``save`` wrote."""
        table = pl.read_parquet(file)
        columns = [name for name in table.columns if name.startswith(PROBABILITY)]
        classes = [name.removeprefix(PROBABILITY) for name in columns]
        numbers = {name: number for number, name in enumerate(classes)}
        targets = np.array([numbers[name] for name in table["target"]], dtype=np.int64)
        return cls(table["id"].to_list(), classes, targets, table.select(columns).to_numpy())
