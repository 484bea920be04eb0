"""What says the same as the target, and numbers that stand for something else."""

from __future__ import annotations

import math
import re

import polars as pl

from ..contract.casting import NUMBER, as_typed, column_named, typed
from ..contract.contract import Contract, Task
from ..validation.batches import ROWS, batches, column_groups
from .profile import Profile

SAME = 0.9999  # correlation with the target from which a number says the same
STAND_IN = re.compile(r"-?99+")  # -999 and the like, put in place of an unknown number


def copies_of_target(table: pl.LazyFrame, contract: Contract, rows: int) -> list[str]:
    """Return the features that say the same as the target in other words.

    Where a class is predicted, each of their values goes with one class and each class with one
    value; where a number is, they rise or fall with it in a straight line.
    """
    features, target = contract.features, contract.target
    first = typed(table.head(ROWS), contract, columns=[*features, target]).collect()
    suspects = _that_say_the_same(first, features, contract)
    found: list[str] = []
    for names in column_groups(suspects, rows):
        left = [*names]
        part = typed(table, contract, columns=[*names, target])
        for _, frame in batches(part, [*names, target]):
            left = _that_say_the_same(frame, left, contract)
        found += left
    return found


def _that_say_the_same(frame: pl.DataFrame, names: list[str], contract: Contract) -> list[str]:
    return [
        name for name in names if _says_the_same(frame[name], frame[contract.target], contract.task)
    ]


def _says_the_same(feature: pl.Series, target: pl.Series, task: Task) -> bool:
    pairs = pl.DataFrame({"feature": feature, "target": target}).drop_nulls()
    if 2 * pairs.height < feature.len():  # too few values to say so
        return False
    several = pairs["feature"].n_unique()
    if task is Task.classification:
        return several == pairs["target"].n_unique() == pairs.n_unique()
    if feature.dtype != pl.Float64:
        return False
    if several == 1:
        return pairs["target"].n_unique() == 1
    correlation = pairs.select(pl.corr("feature", "target")).item()
    return abs(correlation) >= SAME


def stand_ins(table: pl.LazyFrame, profiles: list[Profile]) -> dict[str, str]:
    """Return the columns with a number far from all others that looks like "unknown"."""
    found: dict[str, str] = {}
    for profile in profiles:
        for value in (profile.plain.low, profile.plain.high):
            if math.isfinite(value) and STAND_IN.fullmatch(f"{value:.15g}"):
                note = _describe(table, profile, value)
                found |= {profile.name: note} if note else {}
    return found


def _describe(table: pl.LazyFrame, profile: Profile, value: float) -> str | None:
    read = as_typed(table, {profile.name: NUMBER})
    numbers = read.select(column_named(profile.name).alias("number"))
    others = pl.col("number").filter(pl.col("number") != value)
    summary = numbers.select(
        rows=(pl.col("number") == value).sum(), low=others.min(), high=others.max()
    )
    rows, low, high = summary.collect(engine="streaming").row(0)
    if low is None or max(low - value, value - high) <= high - low:
        return None
    return f"{value:g} in {rows} rows, while all others are from {low:g} to {high:g}"
