"""Columns as a few levels, and how often each comes with what: counts of all columns at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import LARGEST, ExplorationData, is_number

MISSING, OTHER = "missing", "other"
MOST_LEVELS = 20  # of a category; the rarer ones are taken together
LONGEST_NAME = 40  # characters


@dataclass(frozen=True)
class Levels:
    """A column of few values: the level of each row as a place in ``names``."""

    codes: NDArray[np.int64]
    names: list[str]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows per level."""
        return np.bincount(self.codes, minlength=len(self.names))


def levels_of(column: pd.Series, bins: int, most: int = MOST_LEVELS) -> Levels:
    """Bins of equal counts of a number, or the most frequent values of a category.

    Missing values are a level of their own, the last one.
    """
    if not is_number(column.dtype):
        return _frequent(column, most)
    values = column.to_numpy(np.float64, na_value=np.nan)[None]
    values = np.where(np.abs(values) <= LARGEST, values, np.nan)
    codes = bin_codes(values, quantiles(values, inner(bins)))[0]
    places, codes = np.unique(codes, return_inverse=True)
    names = []
    for place, code in enumerate(places):
        inside = values[0, codes == place]
        low, high = ("", "") if code == bins else map(as_text, (inside.min(), inside.max()))
        names.append(MISSING if code == bins else low if low == high else f"{low} to {high}")
    return Levels(codes.astype(np.int64), names)


def _frequent(column: pd.Series, most: int) -> Levels:
    codes, values = pd.factorize(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    names = [str(value) for value in values]
    order = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    cut = most if len(names) > most + 1 else len(names)
    kept, rare = order[:cut], order[cut:]
    # The last cell is where -1, a missing value, points to.
    place = np.full(len(names) + 1, len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    place[-1] = len(kept) + bool(rare)
    shown = [names[number] for number in kept]
    shown += [f"{OTHER} ({len(rare)} values)"] if rare else []
    shown += [MISSING] if (codes < 0).any() else []
    return Levels(place[codes], shown)


def target_levels(data: ExplorationData, bins: int, most: int = MOST_LEVELS) -> Levels:
    """Classes in their own order, the rarest of many as one; a number in bins of equal counts."""
    column = data.frame[data.target]
    if data.is_regression:
        return levels_of(column, bins)
    levels = _frequent(column, most)
    classes = column.cat.categories if hasattr(column, "cat") else sorted(column.dropna().unique())
    own = {str(name): place for place, name in enumerate(classes)}
    order = sorted(
        range(len(levels.names)), key=lambda place: own.get(levels.names[place], len(own))
    )
    return Levels(np.argsort(order)[levels.codes], [levels.names[place] for place in order])


def inner(bins: int) -> NDArray[np.float64]:
    """The probabilities between ``bins`` parts of equal size."""
    return np.arange(1, bins) / bins


def quantiles(
    values: NDArray[np.float64], probabilities: NDArray[np.float64] | list[float]
) -> NDArray[np.float64]:
    """Values (columns, rows) without regard to NaN, to (columns, probabilities).

    Each is a value that occurs (the inverted distribution function); NaN where there is none.
    """
    ordered = np.sort(values, axis=1)  # NaN comes last
    present = np.isfinite(ordered).sum(axis=1, keepdims=True)
    places = np.ceil(np.asarray(probabilities) * present - 1e-9).astype(np.int64) - 1
    return np.take_along_axis(ordered, np.clip(places, 0, values.shape[1] - 1), axis=1)


def bin_codes(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int8]:
    """How many ``edges`` (columns, bins - 1) lie below each of ``values`` (columns, rows).

    Equal values share a bin; a missing value has the code ``bins``.
    """
    codes = np.zeros(values.shape, dtype=np.int8)
    for edge in edges.T:
        codes += values > edge[:, None]
    codes[np.isnan(values)] = edges.shape[1] + 1
    return codes


def count_tables(
    codes: NDArray[np.int8] | NDArray[np.int64],
    height: int,
    others: NDArray[np.int64],
    width: int,
) -> NDArray[np.int64]:
    """Count the pairs of ``codes`` (columns, rows) and ``others`` (rows,).

    Returns:
        counts (columns, height, width).
    """
    columns = np.arange(len(codes), dtype=np.int64)[:, None]
    cells = (columns * height + codes) * width + others
    counts = np.bincount(cells.ravel(), minlength=len(codes) * height * width)
    return counts.reshape(len(codes), height, width)


def as_text(number: float) -> str:
    """A number with about four digits that count."""
    if not np.isfinite(number):
        return "-"
    if 1000 <= abs(number) < 1e9:
        return f"{number:,.0f}"
    return f"{number:.4g}".replace("e+", "e").replace("e-0", "e-")


def shorten(name: str, longest: int = LONGEST_NAME) -> str:
    """The beginning of a long name."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
