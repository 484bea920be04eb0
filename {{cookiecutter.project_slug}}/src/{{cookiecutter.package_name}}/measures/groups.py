"""Rows that come from one person or document: they count together, not each for itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import GROUP, Predictions
from ..stats.resampling import group_sums


def groups_of(table: Predictions) -> NDArray[Any] | None:
    """Return the group of each row (rows,), if several rows share one; a row without is its own."""
    if table.facts is None or GROUP not in table.facts.columns:
        return None
    names = table.facts[GROUP].cast(str).to_list()
    own = [
        f"row {number}" if name is None else f"group {name}" for number, name in enumerate(names)
    ]
    groups = np.array(own)
    several = 1 < len(np.unique(groups)) < len(groups)
    return groups if several else None


def group_means(values: NDArray[np.float64], groups: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum of each group's values over the mean size of a group (groups,)."""
    sums, sizes = group_sums(values[:, None], groups)
    return sums[:, 0] / sizes.mean()
