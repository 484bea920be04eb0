"""How much data there is, in which parts, and how the target is spread over them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import ExplorationData
from .distributions import histogram
from .levels import Levels, as_text, target_levels

MOST_CLASSES = 30


def overview(data: ExplorationData) -> dict[str, Any]:
    """Count rows, columns, parts, groups, and rows that are alike in every feature."""
    alike, across = copies(data)
    counts = data.split.astype(str).value_counts()
    return {
        "rows": len(data.frame),
        "total": data.total_rows or len(data.frame),
        "training": len(data.train.frame),
        "numbers": len(data.numbers),
        "categories": len(data.categories),
        "parts": {name: counts[name] for name in data.parts},
        "groups": None if data.group is None else data.group.nunique(),
        "alike": alike,
        "across": across,
    }


def copies(data: ExplorationData) -> tuple[int, int]:
    """Count the rows that equal an earlier one in every feature, and those in another part.

    Rows are compared by a hash of 64 bits.
    """
    if not data.features:
        return 0, 0
    hashes = pd.util.hash_pandas_object(data.frame[data.features], index=False)
    parts = pd.factorize(data.split)[0]
    repeated = hashes.duplicated().to_numpy()
    places = pd.factorize(hashes)[0]
    first = parts[np.unique(places, return_index=True)[1]][places]
    return int(repeated.sum()), int((parts != first).sum())


def target_by_part(
    data: ExplorationData,
) -> tuple[pd.DataFrame, list[list[str]], NDArray[np.float64] | None]:
    """Return the target's shares (classes or bins, parts), a table of text, and edges of bins.

    The table's first row is its head. There are no edges for classes.
    """
    known = data.take(np.flatnonzero(data.frame[data.target].notna()))
    codes = pd.Categorical(known.split.astype(str), data.parts).codes
    part = Levels(codes.astype(np.int64), data.parts)
    if data.is_regression:
        return _number_by_part(known, part)
    classes = target_levels(known, 1, MOST_CLASSES)
    size = len(part.names)
    counts = np.bincount(
        classes.codes * size + part.codes, minlength=len(classes.names) * size
    ).reshape(-1, size)
    shares = pd.DataFrame(
        counts / np.maximum(counts.sum(axis=0), 1), pd.Index(classes.names), part.names
    )
    head = ["class", *part.names]
    table = [
        [name, *(f"{count:,} ({share:.1%})" for count, share in zip(row, portions, strict=True))]
        for name, row, portions in zip(classes.names, counts, shares.to_numpy(), strict=True)
    ]
    return shares, [head, *table], None


def _number_by_part(
    data: ExplorationData, part: Levels
) -> tuple[pd.DataFrame, list[list[str]], NDArray[np.float64] | None]:
    values = data.matrix([data.target])[0]
    spread = histogram(values, part)
    head = ["part", "rows", "mean", "standard deviation", "minimum", "median", "maximum"]
    table = []
    for place, name in enumerate(part.names):
        own = values[(part.codes == place) & np.isfinite(values)]
        numbers = [own.mean(), own.std(), own.min(), np.median(own), own.max()]
        table.append([name, f"{len(own):,}", *map(as_text, numbers)])
    return spread.shares, [head, *table], spread.edges
