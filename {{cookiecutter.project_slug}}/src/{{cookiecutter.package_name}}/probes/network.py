"""The networks of a model folder put to the test, each on the rows of its fold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..arrays import load_split
from ..config.evaluation import Robustness
from ..config.kit import Behaviour
from ..schema import Manifest
from .behaviours import behaviours_for
from .checking import Examples, Trial, check_all, trained_examples
from .sampling import share_of
from .scoring import Predict, score_corrupted

if TYPE_CHECKING:
    import polars as pl


class Probes:
    """What networks are tried on."""

    def __init__(self, prepared: Path, robustness: Robustness, behaviour: Behaviour) -> None:
        """Hold what is asked against the data.

        Raises:
            UserError: when a declared behaviour names what the data do not have.
        """
        self.prepared, self.manifest = prepared, Manifest.load(prepared)
        self.corrupted, self.tried = robustness.rows, behaviour.rows
        self.behaviours = behaviours_for(self.manifest, behaviour)

    def of(self, predicts: Mapping[int | None, Predict]) -> dict[str, pl.DataFrame]:
        """Return the tables ``corrupted`` and ``behaviour``, unless no rows are asked for.

        Args:
            predicts: the network of each fold.
        """
        import polars as pl

        corrupted: list[pl.DataFrame] = []
        behaviour: list[pl.DataFrame] = []
        for fold, predict in predicts.items():
            rows = load_split(self.prepared, "test", fold)
            if most := share_of(self.corrupted, len(predicts)):
                corrupted.append(score_corrupted(predict, rows, self.manifest, fold, most))
            if most := share_of(self.tried, len(predicts)):
                train = trained_examples(load_split(self.prepared, "train", fold))
                test = Examples.of(rows, most)
                trial = Trial(predict, test, train, self.manifest, fold)
                behaviour.append(check_all(self.behaviours, trial))
        tables = {"corrupted": corrupted, "behaviour": behaviour}
        return {name: pl.concat(parts) for name, parts in tables.items() if parts}
