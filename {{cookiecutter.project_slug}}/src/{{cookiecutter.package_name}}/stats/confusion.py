"""Statistics of a confusion matrix: counts (..., K, K), rows true and columns predicted, to (...,).

Each works over leading axes, so that a bootstrap computes all of its draws at once.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def macro_f1(confusion: ArrayLike) -> NDArray[np.float64]:
    """Unweighted mean of the classes' F1.

    A class that is neither present nor predicted has no F1 and is left out, as in scikit-learn.
    """
    counts = _square(confusion)
    true_and_predicted = counts.sum(axis=-1) + counts.sum(axis=-2)
    seen = true_and_predicted > 0
    f1 = 2 * np.diagonal(counts, axis1=-2, axis2=-1) / np.where(seen, true_and_predicted, 1)
    return f1.sum(axis=-1) / seen.sum(axis=-1)


def balanced_accuracy(confusion: ArrayLike) -> NDArray[np.float64]:
    """Unweighted mean of the recall of the classes that are present, as in scikit-learn."""
    counts = _square(confusion)
    present = counts.sum(axis=-1)
    recall = np.diagonal(counts, axis1=-2, axis2=-1) / np.where(present > 0, present, 1)
    return recall.sum(axis=-1) / (present > 0).sum(axis=-1)


def matthews(confusion: ArrayLike) -> NDArray[np.float64]:
    """Matthews' correlation of true and predicted class (Gorodkin 2004); 0 where one is constant.

    It stays near 0 for a model that names the largest class only, however large that is.
    """
    counts = _square(confusion).astype(np.float64)
    true, predicted, rows = counts.sum(-1), counts.sum(-2), counts.sum((-2, -1))
    right = np.trace(counts, axis1=-2, axis2=-1)
    covariance = right * rows - (true * predicted).sum(-1)
    spread = (rows**2 - (true**2).sum(-1)) * (rows**2 - (predicted**2).sum(-1))
    return covariance / np.sqrt(np.where(spread > 0, spread, np.inf))


def _square(confusion: ArrayLike) -> NDArray[np.int64]:
    counts = np.asarray(confusion)
    if counts.ndim < 2 or counts.shape[-1] != counts.shape[-2]:
        raise ValueError(f"confusion has shape {counts.shape}: expected (..., K, K)")
    if not counts.any(axis=(-2, -1)).all():
        raise ValueError("confusion is all zero: expected at least one example")
    return counts
