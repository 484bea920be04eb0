"""Is a model better on one class? Its F1 minus another model's, with an interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from {{ cookiecutter.package_name }}.stats.intervals import Interval
from {{ cookiecutter.package_name }}.stats.paired import paired_bootstrap
from {{ cookiecutter.package_name }}.stats.resampling import Numbers


def f1_difference(
    targets: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    positive: int,
    *,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of the F1 of one class, that of the first model minus the second's.

    Args:
        targets: the true class numbers (n,).
        first: what the first model predicts of the same rows (n,), as class numbers.
        second: what the second model predicts of them (n,).
        positive: the class whose F1 it is; 0 where it neither occurs nor is predicted.
        groups: the person or document of each row (n,): then whole groups are drawn.
        level: of the interval.
        seed: of the 2,000 draws.
    """
    true = np.asarray(targets) == positive

    def columns(predicted: ArrayLike) -> Numbers:
        said = np.asarray(predicted) == positive
        return np.stack([true & said, true, said], axis=1).astype(np.float64)

    def f1(means: Numbers) -> Numbers:
        hits, occurs, named = means[..., 0], means[..., 1], means[..., 2]
        either = occurs + named
        return 2 * hits / np.where(either > 0, either, 1)

    both = columns(first), columns(second)
    return paired_bootstrap(*both, f1, groups=groups, level=level, seed=seed)
