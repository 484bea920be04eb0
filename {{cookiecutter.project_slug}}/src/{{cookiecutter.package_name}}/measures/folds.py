"""Comparisons in a cross-validation: fold by fold, since each fold has models of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.runs import corrected_t, corrected_t_p


def compare_folds(
    ahead: NDArray[np.float64], fold: NDArray[np.int64], test_share: float, level: float
) -> dict[str, Any]:
    """Return the difference of two models, from how far the first is ahead on each row (rows,).

    ``test_share`` is the number of test rows of a fold over that of its training rows.
    """
    folds = np.unique(fold)
    means = np.array([ahead[fold == number].mean() for number in folds])
    value = float(ahead.mean())
    interval = corrected_t(means, test_share, level).as_dict()
    p_value = corrected_t_p(means, test_share)
    return interval | {"value": value, "rows": len(ahead), "p_value": p_value}


def test_share_of(test: Predictions, validation: Predictions) -> float:
    """Return the number of test rows over that of training rows, the mean over the folds.

    Every row is a test row of one fold, and in the others one of validation or of training; 0
    without folds.
    """
    if test.fold is None or validation.fold is None:
        return 0.0
    tested, validated = np.bincount(test.fold), np.bincount(validation.fold)
    return float((tested / (len(test.ids) - tested - validated)).mean())
