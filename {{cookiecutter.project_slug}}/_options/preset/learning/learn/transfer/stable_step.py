"""How large may a step of gradient descent be, before it leads away from the valley?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def largest_step(features: NDArray[np.float64], penalty: float) -> float:
    """Return the step below which gradient descent on ridge regression converges, and above not.

    The loss of weights w (d,) is |X w - y|^2 / (2 n) + penalty / 2 |w|^2, for any targets y.

    Args:
        features: X (n, d), not all 0; n may be smaller than d, and d large.
        penalty: 0 or more.
    """
    steepest = np.linalg.norm(features, ord=2) ** 2 / len(features)  # the largest singular value
    return float(2 / (steepest + penalty))
