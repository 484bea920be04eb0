"""Comparisons of different rows: does a part of them fare worse than the others?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def more_errors_p(inside: NDArray[np.float64], elsewhere: NDArray[np.float64]) -> float:
    """Return the one-sided p value for "no more error inside", of errors (n,) and (m,).

    Errors that are 0 or 1 are counted (Fisher's exact test); others are compared by their means
    (Welch's t).
    """
    from scipy.stats import fisher_exact, ttest_ind

    if not len(inside) or not len(elsewhere):
        return 1.0
    together = np.concatenate([inside, elsewhere])
    if np.isin(together, (0.0, 1.0)).all():
        counts = [[part.sum(), len(part) - part.sum()] for part in (inside, elsewhere)]
        return float(fisher_exact(np.array(counts, np.int64), alternative="greater").pvalue)
    if min(len(inside), len(elsewhere)) < 2 or together.std() == 0:
        return 1.0
    return float(ttest_ind(inside, elsewhere, equal_var=False, alternative="greater").pvalue)
