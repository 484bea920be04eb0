"""Probabilities from scores by one number, fitted on rows that the model did not learn from.

Dividing all scores by a temperature (Guo et al. 2017) makes a model more or less sure and changes
no decision. Sharpness is one over the temperature.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require

SMALLEST = 1e-12  # probability: below this a row's loss grows no more
WIDEST = (-2.0, 2.0)  # powers of ten between which sharpness is looked for


def fit_sharpness(scores: ArrayLike, targets: ArrayLike) -> float:
    """Return the factor on `scores` (n, K) of least log loss, for `targets` (n,) as class numbers.

    Log probabilities are scores too: then 1 means that they are as sure as they should be.
    """
    from scipy.optimize import minimize_scalar

    matrix = require.table("scores", scores)
    numbers = np.asarray(targets)
    rows = np.arange(len(matrix))

    def loss(log_sharpness: float) -> float:
        likelihoods = sharpened(matrix, 10**log_sharpness)[rows, numbers]
        return -float(np.log(likelihoods.clip(SMALLEST)).mean())

    return float(10 ** minimize_scalar(loss, bounds=WIDEST, method="bounded").x)


def sharpened(scores: NDArray[np.floating], sharpness: float) -> NDArray[np.float64]:
    """Probabilities (n, K) of `scores` (n, K) times `sharpness`."""
    from scipy.special import softmax

    return softmax(sharpness * scores, axis=1)


class Tempered:
    """A fitted model of decision scores with probabilities: its scores, scaled by one temperature.

    scikit-learn's own calibration needs every class, and several rows of it, in the validation set.
    """

    def __init__(
        self, model: Any, features: NDArray[np.float32], targets: NDArray[np.int64]
    ) -> None:
        self.model, self.classes_ = model, model.classes_
        known = np.isin(targets, self.classes_)
        self.sharpness = 1.0
        if known.any():
            numbers = np.searchsorted(self.classes_, targets[known])
            self.sharpness = fit_sharpness(self._scores(features[known]), numbers)

    def predict_proba(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities (rows, classes)."""
        return sharpened(self._scores(features), self.sharpness)

    def _scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        scores = self.model.decision_function(features)
        return np.stack([-scores, scores], axis=1) if scores.ndim == 1 else scores
