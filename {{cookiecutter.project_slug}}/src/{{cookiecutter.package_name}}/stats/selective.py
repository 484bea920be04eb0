"""What is gained without the rows that a model is least sure of (El-Yaniv & Wiener 2010)?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require
from .intervals import Interval, wilson


def risk_coverage(
    confidence: ArrayLike, correct: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the rows that are kept, surest first, and the share of those that are wrong.

    Rows of equal confidence are kept or left together, so that the curve does not depend on their
    order: `confidence` (n,), `correct` (n,) to coverage and risk, one for each distinct confidence.
    """
    sure, wrong = _sorted(confidence, correct)
    last = np.append(np.flatnonzero(np.diff(sure)), len(sure) - 1)
    kept = last + 1
    return kept / len(sure), np.cumsum(wrong)[last] / kept


def accuracy_at(
    coverage: float, confidence: ArrayLike, correct: ArrayLike, level: float = 0.95
) -> Interval:
    """Accuracy on the surest rows, at least the share `coverage` of all, with Wilson's interval."""
    require.share("coverage", coverage)
    sure, wrong = _sorted(confidence, correct)
    place = int(np.ceil(coverage * len(sure))) - 1
    kept = int(np.searchsorted(-sure, -sure[place], side="right"))
    return wilson(kept - int(wrong[:kept].sum()), kept, level)


def _sorted(
    confidence: ArrayLike, correct: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    sure, right = require.finite("confidence", confidence), np.asarray(correct, np.bool_)
    if right.shape != sure.shape:
        raise ValueError(f"correct has shape {right.shape}: expected {sure.shape}")
    order = np.argsort(-sure, kind="stable")
    return sure[order], ~right[order]
