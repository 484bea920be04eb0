"""Differences of rows that hang together: by the fold of their network, or by a group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.bootstrap import bootstrap_mean
from ..stats.paired import sign_flip_p
from ..stats.power import rows_for_narrower
from .folds import compare_folds
from .groups import group_means, groups_of
from .uncertainty import Uncertainty


def compare_clustered(
    network: Predictions, ahead: NDArray[np.float64], margin: float, how: Uncertainty
) -> dict[str, Any]:
    """Return the mean of how far a network is ahead on each row (rows,), over folds or groups.

    ``margin`` is the smallest difference that matters, in the unit of ``ahead``.
    """
    groups = groups_of(network)
    if network.fold is not None:
        found = compare_folds(ahead, network.fold, how.test_share, how.level)
    else:
        found = bootstrap_mean(ahead, groups=groups, **how.bootstrap).as_dict()
        sums = ahead if groups is None else group_means(ahead, groups)
        found["p_value"] = sign_flip_p(sums, resamples=how.resamples, seed=how.seed)
    half_width = (found["high"] - found["low"]) / 2
    known = half_width > 0 and margin > 0
    needed = rows_for_narrower(len(ahead), half_width, margin, level=how.level) if known else None
    return found | {"rows_needed": needed}
