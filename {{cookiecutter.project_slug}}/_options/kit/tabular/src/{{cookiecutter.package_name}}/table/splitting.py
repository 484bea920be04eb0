"""The rows of a table that keeps its contract, each with its id, its split and its fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl
from numpy.typing import NDArray

from ..contract.contract import Contract, Kind, Task
from ..runtime.errors import UserError
from ..schema import Feature, Table, sample_names
from ..splits import SPLITS, Split, fold_of, split_of
from .encoding import class_numbers, column, encoded, key_of, matrix_of

MOST_ROWS, MOST_CELLS = 250_000, 1 << 23  # in memory at a time
MOST_CATEGORIES = 1000  # of a column; rarer ones are taken for unseen
# A table may have columns of any name; this character is in none that people type.
ROW, SPLIT, FOLD = "row\x1f", "split\x1f", "fold\x1f"


@dataclass(frozen=True)
class Window:
    """Some rows: as samples.parquet has them, as the matrix, and their targets."""

    samples: pl.DataFrame
    matrix: Table
    targets: NDArray[Any]


@dataclass(frozen=True)
class SplitTable:
    """A typed table with the columns SPLIT and FOLD, and ROW where some rows were set aside."""

    rows: pl.LazyFrame
    contract: Contract
    count: int
    folds: int

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of rows per split and class; values are all of one class."""
        name = column(self.contract.target).cast(pl.String)
        label = name if self.contract.task is Task.classification else pl.lit("")
        grouped = self.rows.group_by(SPLIT, label.alias("class")).len()
        found: dict[str, dict[str, int]] = {split: {} for split in SPLITS}
        for split, value, rows in grouped.collect(engine="streaming").sort("class").rows():
            found[split][value] = rows
        return found

    def combinations(self) -> pl.DataFrame:
        """Return which targets there are in which split and fold; values are all one target."""
        target = column(self.contract.target).cast(pl.String)
        label = target if self.contract.task is Task.classification else pl.lit("")
        names = {SPLIT: "split", FOLD: "fold"}
        found = self.rows.select(SPLIT, FOLD, label.alias("target")).unique()
        return found.rename(names).collect(engine="streaming")

    def features(self) -> list[Feature]:
        """Return the columns of the matrix; categories are those that training rows have."""
        kinds = {name: self.contract.columns[name].kind for name in self.contract.features}
        numbers = [Feature(name, None) for name, kind in kinds.items() if kind is Kind.number]
        others = [name for name, kind in kinds.items() if kind is not Kind.number]
        trained_on = ["train", "test"] if self.folds else ["train"]
        train = self.rows.filter(pl.col(SPLIT).is_in(trained_on))
        return numbers + [Feature(name, _frequent(train, name)) for name in others]

    def others(self) -> list[str]:
        """Return the columns that are no features and have no role."""
        contract = self.contract
        roles = {contract.target, contract.key, contract.group, contract.time}
        return [n for n in contract.columns if n not in {*contract.features, *roles}]

    def windows(self, features: list[Feature], classes: list[str]) -> Iterator[Window]:
        """Yield the rows in order, as many at a time as fit into little memory."""
        contract = self.contract
        names = sample_names([*(feature.name for feature in features), *self.others()])
        target = column(contract.target)
        number = class_numbers(contract.target, classes) if classes else target.cast(pl.Float64)
        own = {"id": contract.key or ROW, "group": contract.group, "time": contract.time}
        kept = [
            (column(name).cast(pl.String) if name else pl.lit(None, pl.String)).alias(role)
            for role, name in own.items()
        ]
        kept += [pl.col(SPLIT).alias("split"), pl.col(FOLD).alias("fold"), target.alias("target")]
        kept += [column(name).alias(sample) for name, sample in names.items()]
        step = max(1, min(MOST_ROWS, MOST_CELLS // (len(contract.columns) or 1)))
        numbered = ROW in self.rows.collect_schema().names()
        for start in range(0, self.count, step):
            typed = self.rows.slice(start, step).collect()
            if not numbered:  # before the slice, every window would read all rows before it
                typed = typed.with_row_index(ROW, offset=start + 1)
            matrix = matrix_of(typed.select(encoded(features)), features)
            targets = typed.select(number.alias("target"))["target"].to_numpy()
            yield Window(typed.select(kept), matrix, targets)


def with_splits(rows: pl.LazyFrame, contract: Contract, split: Split) -> SplitTable:
    """Give each of the typed ``rows`` its split and its fold."""
    count = int(rows.select(pl.len()).collect(engine="streaming").item())
    folds = 0 if contract.time else split.folds_for(count)
    salted = replace(split, salt=split.salt + contract.split.salt)
    key = key_of(contract.key, contract.group, list(contract.columns))
    part = _by_time(rows, contract, split) if contract.time else split_of(key, salted)
    fold = fold_of(key, salted, folds)
    return SplitTable(
        rows.with_columns(part.alias(SPLIT), fold.alias(FOLD)), contract, count, folds
    )


def _by_time(rows: pl.LazyFrame, contract: Contract, split: Split) -> pl.Expr:
    """Return the split of each row by time: what came later is for validation and test."""
    time = column(str(contract.time))
    borders = (contract.split.val_from, contract.split.test_from)
    if None in borders:
        val, test = time_borders(rows, contract, split)
        told = f"val_from: '{val}', test_from: '{test}'"
        raise UserError(
            f"contracts: data.time={contract.time} needs the times that the validation and the "
            "test rows begin at, so that later rows move no old ones. For shares of "
            f"{split.val} and {split.test} write `split: {{{told}}}`."
        )
    dated = contract.columns[str(contract.time)].kind is Kind.time
    val, test = (
        pl.lit(datetime.fromisoformat(str(b)) if dated else float(str(b))) for b in borders
    )
    late = pl.when(time < test).then(pl.lit("val")).otherwise(pl.lit("test"))
    return pl.when(time < val).then(pl.lit("train")).otherwise(late)


def time_borders(rows: pl.LazyFrame, contract: Contract, split: Split) -> tuple[str, str]:
    """Return the times at which the last ``split.val + split.test`` rows begin, and the last."""
    time = column(str(contract.time))
    shares = (1 - split.val - split.test, 1 - split.test)
    found = rows.select(
        time.quantile(share, "higher").alias(str(share)) for share in shares
    ).collect(engine="streaming")
    val, test = found.row(0)
    if isinstance(val, datetime):
        return val.isoformat(), test.isoformat()
    return str(val), str(test)


def _frequent(train: pl.LazyFrame, name: str) -> list[str]:
    value = column(name).cast(pl.String).alias("value")
    counted = train.select(value).drop_nulls().group_by("value").len()
    found = counted.collect(engine="streaming").sort(["len", "value"], descending=[True, False])
    return sorted(found["value"].head(MOST_CATEGORIES).to_list())
