"""Values far from the middle of their column, measured so that they do not hide themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import ExplorationData
from .levels import quantiles

FAR = 5.0  # robust standard deviations: of normal values 1 in 1.7 million lies beyond
MAD_TO_SD, MEAN_TO_SD = 1.4826, 1.2533  # of a normal distribution


def robust_scale(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of (columns, rows), from the median distance to the median.

    Where more than half of a column is one value, from the mean distance (Iglewicz & Hoaglin
    1993); infinite where it is constant or has no values.
    """
    distance = np.abs(values - quantiles(values, [0.5]))
    known = np.isfinite(distance)
    middle = quantiles(distance, [0.5])[:, 0]
    mean = np.where(known, distance, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    scale = np.where(middle > 0, MAD_TO_SD * middle, MEAN_TO_SD * mean)
    return np.where(scale > 0, scale, np.inf)


def robust_z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances from the median in robust standard deviations, (columns, rows)."""
    return (values - quantiles(values, [0.5])) / robust_scale(values)[:, None]


def outlying_columns(data: ExplorationData) -> pd.DataFrame:
    """Count the values beyond 5 robust standard deviations, over all rows.

    Returns a row per column of numbers that has some: ``count``, ``share`` of its values, and the
    ``furthest`` distance; the largest share first.
    """
    names = data.numbers
    values = data.matrix(names)
    far = np.abs(robust_z(values))
    count = (far > FAR).sum(axis=1)
    present = np.maximum(np.isfinite(values).sum(axis=1), 1)
    furthest = np.where(np.isfinite(far), far, 0).max(axis=1, initial=0)
    found = pd.DataFrame(
        {"count": count, "share": count / present, "furthest": furthest}, pd.Index(names)
    )
    return found[count > 0].sort_values("share", ascending=False, kind="stable")


def outlying_rows(data: ExplorationData, most: int = 10) -> pd.DataFrame:
    """List the rows with far values in most columns, by id.

    Returns ``columns`` (how many of its values are far), and the furthest one: its ``column``,
    ``value`` and ``distance``.
    """
    names = data.numbers
    if not names:
        return pd.DataFrame(columns=["columns", "column", "value", "distance"])
    values = data.matrix(names)
    far = np.nan_to_num(np.abs(robust_z(values)))
    count = (far > FAR).sum(axis=0)
    furthest = far.argmax(axis=0)
    rows = np.arange(len(data.frame))
    distance = far[furthest, rows]
    order = np.lexsort((-distance, -count))[: min(most, int((count > 0).sum()))]
    return pd.DataFrame(
        {
            "columns": count[order],
            "column": [names[place] for place in furthest[order]],
            "value": values[furthest[order], order],
            "distance": distance[order],
        },
        index=data.frame.index[order],
    )
