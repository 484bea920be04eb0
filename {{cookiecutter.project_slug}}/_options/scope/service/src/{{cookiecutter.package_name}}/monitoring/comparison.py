"""A window against the reference: column by column, and all columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ..stats.intervals import Interval
from ..stats.multiplicity import holm
from .drift import (
    FEWEST_FOR_INDEX,
    Shift,
    auc_interval,
    categories_shift,
    numbers_shift,
    stability_index,
)

MISSING = "\N{EMPTY SET}"  # the name of no value among the categories
MOST_CATEGORIES = 50  # the others are taken together
FOLDS = 5


@dataclass(frozen=True)
class Column:
    """How one column of a window differs from the reference."""

    name: str
    distance: float
    p_value: float  # corrected for all columns of the window
    index: float | None  # population stability; None for few rows, and for categories
    changed: bool  # significantly, and by enough to matter


def compare(
    tables: list[tuple[pl.DataFrame, pl.DataFrame]], *, level: float, distance: float
) -> list[Column]:
    """Compare every column that both have; those that differ most come first.

    Args:
        tables: pairs of a reference and a window.
        level: how often a window without any drift may have a changed column.
        distance: smaller ones do not matter.
    """
    names = [(name, *both) for both in tables for name in both[0].columns if name in both[1]]
    # Renamed: polars reads a series' own name as a pattern, too.
    pairs = [(one[name].alias("value"), two[name].alias("value")) for name, one, two in names]
    found = [_shift(*pair) for pair in pairs]
    corrected = holm([shift.p_value for shift in found]).tolist() if found else list[float]()
    columns = [
        Column(
            name,
            shift.distance,
            float(p_value),
            _index(*pair),
            bool(p_value < level and shift.distance >= distance),
        )
        for (name, *_), pair, shift, p_value in zip(names, pairs, found, corrected, strict=True)
    ]
    return sorted(columns, key=lambda column: -column.distance)


def tell_apart(reference: pl.DataFrame, window: pl.DataFrame, seed: int = 0) -> Interval | None:
    """How often a classifier gives a row of the window more than one of the reference.

    0.5: they cannot be told apart. It sees changes of columns together that none shows alone. Rows
    are scored by classifiers that were not trained on them.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names = [name for name in reference.columns if name in window.columns]
    if not names or min(reference.height, window.height) < FOLDS * 2:
        return None
    some = reference.sample(min(reference.height, 5 * window.height), seed=seed)
    table = np.column_stack([_as_numbers(_below(some[name], window[name])) for name in names])
    truth = np.repeat([0, 1], [some.height, window.height])
    model = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=8, random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_predict(model, table, truth, cv=folds, method="predict_proba")[:, 1]
    return auc_interval(scores[truth == 1], scores[truth == 0])


def _shift(reference: pl.Series, window: pl.Series) -> Shift:
    if reference.dtype.is_numeric():
        ours, theirs = (_as_numbers(one) for one in (reference, window))
        return numbers_shift(ours, theirs)
    counts = [_texts(one).value_counts(name="rows") for one in (reference, window)]
    both = counts[0].join(counts[1], on="value", how="full", coalesce=True, suffix=" there")
    both = both.fill_null(0)
    both = both.sort("rows", descending=True)
    table = both.select("rows", "rows there").to_numpy()
    first, rest = table[:MOST_CATEGORIES], table[MOST_CATEGORIES:].sum(axis=0, keepdims=True)
    table = np.concatenate([first, rest])
    return categories_shift(table[:, 0], table[:, 1])


def _index(reference: pl.Series, window: pl.Series) -> float | None:
    enough = min(len(reference), len(window)) >= FEWEST_FOR_INDEX
    if not enough or not reference.dtype.is_numeric():
        return None
    return stability_index(_as_numbers(reference), _as_numbers(window))


def _below(one: pl.Series, other: pl.Series) -> pl.Series:
    frames = [values.alias("value").to_frame() for values in (one, other)]
    return pl.concat(frames, how="vertical_relaxed").to_series()


def _texts(values: pl.Series) -> pl.Series:
    return values.cast(pl.String).fill_null(MISSING)


def _as_numbers(values: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    if values.dtype.is_numeric() or values.dtype == pl.Null:
        return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return _texts(values).rank("dense").cast(pl.Float64).to_numpy()
