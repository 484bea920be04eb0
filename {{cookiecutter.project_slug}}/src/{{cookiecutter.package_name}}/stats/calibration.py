"""Probabilities from scores (Guo et al., 2017)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Tempered:
    """A fitted model of decision scores with probabilities: its scores, scaled by one temperature.

    scikit-learn's own calibration needs every class, and several rows of it, in the validation set.
    """

    def __init__(
        self, model: Any, features: NDArray[np.float32], targets: NDArray[np.int64]
    ) -> None:
        from scipy.optimize import minimize_scalar

        self.model, self.classes_, self.sharpness = model, model.classes_, 1.0
        given = targets[:, None] == self.classes_

        def loss(log_sharpness: float) -> float:
            self.sharpness = 10**log_sharpness
            likelihoods = self.predict_proba(features)[given]
            return -float(np.log(likelihoods.clip(1e-12)).mean())

        self.sharpness = 10 ** minimize_scalar(loss, bounds=(-2, 2), method="bounded").x

    def predict_proba(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities (rows, classes)."""
        from scipy.special import softmax

        scores = self.model.decision_function(features)
        if scores.ndim == 1:  # two classes
            scores = np.stack([-scores, scores], axis=1)
        return softmax(self.sharpness * scores, axis=1)
