"""Several questions to one test set: of twenty, one looks answered by luck in 64 % of all cases."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjusted p values (n,) of one family of questions (Holm 1979).

    Calling those at most 0.05 real errs once or more in at most 5 % of all families, whatever the
    questions have to do with each other. (statsmodels has it too, with a search of the whole
    process for garbage in each call.)
    """
    values = require.finite("p_values", p_values)
    if (values < 0).any() or (values > 1).any():
        raise ValueError(f"p_values range from {values.min()} to {values.max()}: expected 0 to 1")
    order = np.argsort(values)
    multiplied = values[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(multiplied), 1)
    return adjusted
