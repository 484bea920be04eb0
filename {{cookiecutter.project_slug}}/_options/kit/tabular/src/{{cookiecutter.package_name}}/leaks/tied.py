"""Which columns are the same in all rows of a group, as a person's year of birth is."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .tables import codes_of

TIED = 0.9  # of the pairs of rows of a group that could differ agree nevertheless
MOST_COMMON = 0.9  # chance of two rows to agree: above it a column tells nothing
IN_ORDER = 0.5  # as many changes from group to group as by chance: a column that follows the id
DETERMINED = 0.1  # of the different pairs of values that chance would give

Codes = NDArray[np.int32]


def tied_columns(rows: pl.DataFrame, group: str, others: list[str]) -> list[str]:
    """Return those of ``others`` that are constant within groups, but are more than a recoding.

    Not counted are columns with nearly as many values as there are groups, columns that follow the
    order of the ids (an age band), and columns that follow from another one (a continent from its
    country).
    """
    if rows.height < 2:
        return []
    ids = rows[group].cast(pl.Float64, strict=False)
    ordered = rows.with_columns(ids if not ids.null_count() else rows[group])
    (codes,) = codes_of([ordered.select(group, *others)])
    codes = codes[np.argsort(codes[:, 0], kind="stable")]
    same = codes[1:, 0] == codes[:-1, 0]
    firsts = codes[np.flatnonzero(np.append(True, ~same))]  # one row of each group
    kept: dict[str, Codes] = {}
    if not same.any():
        return []
    agree = (codes[1:][same] == codes[:-1][same]).mean(axis=0)
    values = [len(np.unique(column)) for column in firsts.T]
    for place in sorted(range(1, codes.shape[1]), key=lambda place: -values[place]):
        chance, column = _chance(codes[:, place]), firsts[:, place]
        if chance > MOST_COMMON or (agree[place] - chance) / (1 - chance) < TIED:
            continue
        if values[place] > len(firsts) / 2 or _in_order(column):
            continue
        if not any(_determines(other, column) for other in kept.values()):
            kept[others[place - 1]] = column
    return list(kept)


def _chance(column: Codes) -> float:
    return float(((np.bincount(column) / len(column)) ** 2).sum())


def _in_order(column: Codes) -> bool:
    """Tell whether values stay the same from group to group more than they would by chance."""
    changes = float((column[1:] != column[:-1]).mean())
    return changes < IN_ORDER * (1 - _chance(column))


def _determines(column: Codes, other: Codes) -> bool:
    """Tell whether the values of one column fix those of another, beyond what chance would do."""
    shuffled = np.random.default_rng(0).permutation(other)
    alone = len(np.unique(column))
    more, by_chance = (
        len(np.unique(np.stack([column, second]), axis=1)[0]) - alone
        for second in (other, shuffled)
    )
    return more <= DETERMINED * by_chance
