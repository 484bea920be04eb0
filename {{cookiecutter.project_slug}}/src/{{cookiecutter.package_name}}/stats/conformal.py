"""Intervals of single predictions, from how far the model was off on rows it had not learned."""

import math

import numpy as np
from numpy.typing import ArrayLike

from . import require


def conformal_half_width(errors: ArrayLike, level: float = 0.9) -> float:
    """Half the width of an interval around a predicted value that holds `level` of new targets.

    Split conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018): the
    ceil((n + 1) level)-th smallest absolute error on n rows that the model was not fitted to. It
    holds for any model and any distribution, if new rows are like those; on average over rows, and
    not for each kind of row. Infinite where n is too small for the level.

    Args:
        errors: predicted minus target of each such row (n,).
        level: share of new targets inside.
    """
    sizes = np.sort(np.abs(require.finite("errors", errors)))
    rank = math.ceil((sizes.size + 1) * require.level(level))
    return float(sizes[rank - 1]) if rank <= sizes.size else math.inf
