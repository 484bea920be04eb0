"""Comparisons in a cross-validation: fold by fold, since each fold has models of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..stats.paired import corrected_t, corrected_t_p


def compare_folds(
    ahead: NDArray[np.float64], fold: NDArray[np.int64], level: float
) -> dict[str, Any]:
    """Return the difference of two models, from how far the first is ahead on each row (rows,)."""
    folds = np.unique(fold)
    means = np.array([ahead[fold == number].mean() for number in folds])
    value = float(ahead.mean())
    share = 1 / (len(folds) - 1)  # test rows of a fold over its training rows
    interval = corrected_t(means, share, level).as_dict()
    return interval | {"value": value, "rows": len(ahead), "p_value": corrected_t_p(means, share)}
