"""Values of a fact as a few named parts of the rows."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

BINS, MOST_VALUES = 4, 10


def bins_of(
    column: pl.Series, first: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], dict[int, str]]:
    """Return a code of each row, and what people call each code.

    A category has a code for each of its most frequent values, and one for all others; a number one
    for each quarter of its values. What is rare and where quarters end is told by ``first`` alone.
    """
    name = column.name
    if not column.dtype.is_numeric() or column.filter(first).n_unique() <= MOST_VALUES:
        values = column.cast(pl.String).fill_null("missing")
        frequent = values.filter(first).value_counts(sort=True)[name].head(MOST_VALUES).sort()
        numbers = {value: code for code, value in enumerate(frequent.to_list(), start=2)}
        codes = [numbers.get(value, 1) for value in values.to_list()]
        called = {code: f"{name} is {value}" for value, code in numbers.items()}
        return np.array(codes), {1: f"{name} is something else"} | called
    numbers_ = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = numbers_[first & np.isfinite(numbers_)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
    codes_ = np.where(np.isfinite(numbers_), 2 + np.searchsorted(edges, numbers_), 1)
    ends = [f"{edge:.4g}" for edge in edges]
    called = {2: f"{name} up to {ends[0]}", 2 + len(ends): f"{name} above {ends[-1]}"}
    for place in range(1, len(ends)):
        called[2 + place] = f"{name} above {ends[place - 1]} to {ends[place]}"
    return codes_, {1: f"{name} is missing"} | called
