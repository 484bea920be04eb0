"""samples.parquet: every row that keeps the contract, from which all else is counted and encoded.

A row is read as text, typed and hashed once, when it is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import polars_hash
from numpy.typing import NDArray

from ..contract.contract import Contract, Kind, Task
from ..reading import engine
from ..schema import Feature, Table, sample_names
from ..splits import SPLITS
from .encoding import class_numbers, column, matrix_of
from .splitting import FOLD, ROW, SPLIT

MOST_ROWS, MOST_CELLS = 250_000, 1 << 23  # in memory at a time
ID_HASH = polars_hash.col("id").nchash.xxhash64()  # short, and the same on every machine
MOST_CATEGORIES = 1000  # of a column; rarer ones are taken for unseen


@dataclass(frozen=True)
class Part:
    """Some rows of one split."""

    places: NDArray[np.uint64]  # (rows, 2): a hash of the id, and the fold
    matrix: Table
    targets: NDArray[Any]


@dataclass(frozen=True)
class Samples:
    """The rows in ``file``: id, group, time, split, fold, target, then features and others."""

    file: Path
    contract: Contract
    folds: int

    @property
    def rows(self) -> pl.LazyFrame:
        """All of them."""
        return engine.scan([self.file])

    @property
    def others(self) -> list[str]:
        """Return the columns that are no features and have no role."""
        contract = self.contract
        roles = {contract.target, contract.key, contract.group, contract.time}
        return [n for n in contract.columns if n not in {*contract.features, *roles}]

    @property
    def names(self) -> dict[str, str]:
        """Return what features and others are called here."""
        return sample_names([*self.contract.features, *self.others])

    def write(self, split_rows: pl.LazyFrame) -> None:
        """Write the file from typed rows that have ROW, SPLIT and FOLD."""
        contract = self.contract
        own = {"id": contract.key or ROW, "group": contract.group}
        kept = [
            (column(name).cast(pl.String) if name else pl.lit(None, pl.String)).alias(role)
            for role, name in own.items()
        ]
        time = column(contract.time) if contract.time else pl.lit(None, pl.String)
        kept.append(time.alias("time"))  # as it is: numbers as text have another order
        own = {"split": SPLIT, "fold": FOLD, "target": contract.target}
        named = own | {sample: name for name, sample in self.names.items()}
        kept += [column(name).alias(sample) for sample, name in named.items()]
        engine.sink_lazily(split_rows.select(kept), self.file, self._step)

    def counts(self) -> pl.DataFrame:
        """Count the rows of each split, fold and target; values are all one target."""
        label = pl.col("target") if self.contract.task is Task.classification else pl.lit("")
        grouped = self.rows.group_by("split", "fold", label.cast(pl.String).alias("target"))
        return grouped.agg(pl.len().alias("rows")).collect(engine="streaming")

    def features(self) -> list[Feature]:
        """Return the columns of the matrix; categories are those that training rows have."""
        kinds = {name: self.contract.columns[name].kind for name in self.contract.features}
        numbers = [Feature(name, None) for name, kind in kinds.items() if kind is Kind.number]
        others = [name for name, kind in kinds.items() if kind is not Kind.number]
        trained_on = ["train", "test"] if self.folds else ["train"]
        train = self.rows.filter(pl.col("split").is_in(trained_on))
        names = self.names
        return numbers + [Feature(name, _frequent(train, names[name])) for name in others]

    def windows(self, features: list[Feature], classes: list[str]) -> Iterator[dict[str, Part]]:
        """Yield the rows of each split in order, as many at a time as fit into little memory."""
        names = self.names
        number = class_numbers("target", classes) if classes else pl.col("target").cast(pl.Float64)
        seen = [pl.col(names[feature.name]).alias(feature.name) for feature in features]
        own = ("id", "split", "fold", "target")
        rows = self.rows.select(*own, *(names[feature.name] for feature in features))
        count = int(rows.select(pl.len()).collect().item())
        for start in range(0, count, self._step):
            window = rows.slice(start, self._step).collect()
            matrix = matrix_of(window.select(seen), features)
            targets = window.select(number.alias("target"))["target"].to_numpy()
            places = window.select(ID_HASH, pl.col("fold").cast(pl.UInt64)).to_numpy(order="c")
            arrays = (places, matrix, targets)
            mine = {split: (window["split"] == split).to_numpy() for split in SPLITS}
            yield {s: Part(*(a.compress(rows, 0) for a in arrays)) for s, rows in mine.items()}

    @property
    def _step(self) -> int:
        return max(1, min(MOST_ROWS, MOST_CELLS // max(1, len(self.contract.columns))))


def _frequent(train: pl.LazyFrame, name: str) -> list[str]:
    value = pl.col(name).cast(pl.String).alias("value")
    counted = train.select(value).drop_nulls().group_by("value").len()
    found = counted.collect(engine="streaming").sort(["len", "value"], descending=[True, False])
    return sorted(found["value"].head(MOST_CATEGORIES).to_list())
