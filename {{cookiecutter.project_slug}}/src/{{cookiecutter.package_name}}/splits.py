"""Which part a row belongs to: by hash of its key, so that adding or removing rows moves no other.

The key is an id, the content of the row, or the group that it belongs to. A small table has no test
split of its own: there each row is in one of k folds, and is predicted by a model that was trained
on the others. Row numbers, orders and random generators have no say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .runtime.errors import UserError, check

if TYPE_CHECKING:
    import polars as pl

SPLITS = ("train", "val", "test")
USUAL_FOLDS, MOST_FOLDS = 5, 20
SMALL_TEST_SPLIT = 300  # rows: with fewer no difference is called real (stats/verdict.py)


@dataclass
class Split:
    """Shares of the data, by hash of the key; the rest is for training."""

    val: float  # share of the rows for validation
    test: float  # share of the rows for the test
    folds: int | None  # of cross-validation; 0: none; null: 5 where the test split would be small
    salt: int  # part of every hash: another number is another draw

    def __post_init__(self) -> None:
        check(0 < self.val < 1, "data.split.val", self.val, "a share between 0 and 1")
        check(0 < self.test < 1, "data.split.test", self.test, "a share between 0 and 1")
        total = f"{self.val}+{self.test}"
        check(self.val + self.test < 1, "data.split", total, "together less than 1")
        known = self.folds in (None, 0) or 2 <= (self.folds or 0) <= MOST_FOLDS
        check(known, "data.split.folds", self.folds, f"null, 0, or from 2 to {MOST_FOLDS}")

    def folds_for(self, rows: int) -> int:
        """Return the number of folds for a table of ``rows`` rows, 0 where a test split will do."""
        if self.folds is None:
            return USUAL_FOLDS if rows * self.test < SMALL_TEST_SPLIT else 0
        return self.folds


def split_of(key: pl.Expr, split: Split) -> pl.Expr:
    """Return the name of the split of each row, from its key (text) alone."""
    import polars as pl

    place = place_of(key, f"split {split.salt}")
    return (
        pl.when(place < split.test)
        .then(pl.lit("test"))
        .when(place < split.test + split.val)
        .then(pl.lit("val"))
        .otherwise(pl.lit("train"))
    )


def fold_of(key: pl.Expr, split: Split, folds: int) -> pl.Expr:
    """Return the number of the fold of each row, from its key (text) alone; 0 without folds."""
    import polars as pl

    if not folds:  # millions of keys are hashed once, not twice
        return pl.lit(0, pl.Int32)
    return (place_of(key, f"fold {split.salt}") * folds).floor().cast(pl.Int32)


def part_in_view(folds: int, fold: int | None) -> pl.Expr:
    """Return what each row is for: "train", "val" or "test", from its columns split and fold.

    Seen with a ``fold``, its rows are the test rows. Seen with none, a table with folds has no test
    rows: that is how the network that is released is trained.
    """
    import polars as pl

    split = pl.col("split")
    if fold is not None:
        others = pl.when(split == "val").then(pl.lit("val")).otherwise(pl.lit("train"))
        return pl.when(pl.col("fold") == fold).then(pl.lit("test")).otherwise(others)
    return split.replace("test", "train") if folds else split


def views(folds: int, fold: int | None) -> list[int | None]:
    """Return the views whose test rows together are the test set: each fold, or the split itself.

    Raises:
        UserError: when only one ``fold`` is asked for and there is no such fold.
    """
    if fold is None:
        return list(range(folds)) or [None]
    known = f"0 to {folds - 1}" if folds else "null: the data were prepared with data.split.folds=0"
    if not 0 <= fold < folds:
        raise UserError(f"data.fold={fold}: expected {known}.")
    return [fold]


def networks(folds: int, fold: int | None) -> list[int | None]:
    """Return what networks are trained on: all rows for the one to release, and then each fold."""
    return views(folds, fold) if fold is not None else [None, *range(folds)]


def require_rows(samples: pl.DataFrame, folds: int, classes: list[str]) -> list[str]:
    """Refuse a table that leaves some network without rows, or the one to release without a class.

    Args:
        samples: columns split, fold and target; a row for each combination is enough.
        folds: how many the table is cut into.
        classes: that targets may have; none: a regression.

    Returns:
        What is missing and does no harm but to the numbers, to be told.

    Raises:
        UserError: that names the fold, the part and the class.
    """
    if len(classes) == 1:
        raise UserError(f"every row is of class {classes[0]!r}: expected at least two classes.")
    notes: list[str] = []
    for fold in networks(folds, None):
        parts = samples.select("target", part_in_view(folds, fold).alias("part"))
        where = "" if fold is None else f" in fold {fold} of {folds}"
        for part in SPLITS if fold is not None or not folds else SPLITS[:2]:
            found = parts.filter(part=part)["target"]
            missing = sorted(set(classes) - set(found))
            lacks = f"of class {', '.join(missing)} " if len(found) else ""
            told = f"no rows {lacks}for {part}{where}"
            if not len(found) or (missing and fold is None and part == "train"):
                raise UserError(
                    f"data.split: {told}. Add rows, change data.split.val or data.split.folds, or "
                    "try another data.split.salt."
                )
            if missing and (part == "train" or not folds):
                notes.append(told)
    return notes


def place_of(key: pl.Expr, purpose: str) -> pl.Expr:
    """Return a place in [0, 1) for each key: xxHash64, the same on every machine and in time."""
    import polars as pl
    import polars_hash

    number = polars_hash.concat_str(pl.lit(f"{purpose} "), key).nchash.xxhash64()
    return (number // 2**11).cast(pl.Float64) / 2**53
