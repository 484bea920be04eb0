"""Can the probabilities be believed, and the intervals around values?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..stats.bootstrap import bootstrap_mean
from ..stats.calibration import SMALLEST_PROBABILITY, calibration, log_losses
from ..stats.conformal import conformal_half_width
from ..stats.intervals import wilson
from ..stats.selective import accuracy_at, risk_coverage
from ..stats.temperature import fit_sharpness, sharpened
from .discovery import halves
from .groups import groups_of
from .uncertainty import Uncertainty

COVERAGE = 0.9  # of rows that are kept, or of values inside their intervals
MOST_POINTS = 200  # of a curve


def probabilities(test: Predictions, validation: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return calibration error with its null, temperature, and what leaving rows aside gains."""
    confidence = test.probabilities.max(axis=1).astype(np.float64)
    found = calibration(confidence, test.correct, seed=how.seed)
    bins = {name: getattr(found.bins, name).tolist() for name in vars(found.bins)}
    coverage, risk = risk_coverage(confidence, test.correct)
    step = -(-len(coverage) // MOST_POINTS)
    kept = accuracy_at(COVERAGE, confidence, test.correct, how.level)
    return {
        "error": {
            "value": found.error,
            "expected_if_true": found.expected,
            "limit_if_true": found.limit,
            "p_value": found.p_value,
            "miscalibrated": found.error > found.limit,
            "method": "ECE of the most probable class, 15 bins; 500 draws of the null",
            "rows": len(test.ids),
            "bins": bins,
        },
        "temperature": temperature(validation, how),
        "selective": {
            "coverage": coverage[::-step][::-1].tolist(),
            "risk": risk[::-step][::-1].tolist(),
            "accuracy_at_90": kept.as_dict(),
        },
    }


def temperature(validation: Predictions, how: Uncertainty) -> dict[str, Any]:
    """Return by how much one temperature would lower the log loss, and whether that is for sure.

    It is fitted on each half of the validation rows and tried on the other, so that no row is
    judged by a temperature that it helped to find. Test rows have no say.
    """
    scores = np.log(np.maximum(validation.probabilities, SMALLEST_PROBABILITY)).astype(np.float64)
    targets: NDArray[np.int64] = validation.targets
    first = halves(validation.ids)
    if first.all() or not first.any():
        return {"value": None, "why": "too few validation rows"}
    scaled = np.empty_like(scores)
    for fitted, tried in ((first, ~first), (~first, first)):
        scaled[tried] = sharpened(scores[tried], fit_sharpness(scores[fitted], targets[fitted]))
    change = log_losses(scaled, targets) - log_losses(validation.probabilities, targets)
    several = validation.fold is not None  # each row is one of validation in all folds but one
    groups = validation.ids if several else groups_of(validation)
    interval = bootstrap_mean(change, groups=groups, **how.bootstrap)
    return {
        "temperature": 1 / fit_sharpness(scores, targets),
        "nll_change": interval.as_dict(),
        "helps": interval.high < 0,
    }


def intervals_of_values(
    test: Predictions, validation: Predictions, how: Uncertainty
) -> dict[str, Any]:
    """Return half the width of intervals around values, and how many test targets they hold.

    The width comes from validation; in folds, where that is small, from the errors of the other
    folds' rows (cross-conformal prediction, Vovk 2015).
    """
    known = validation if test.fold is None else test
    half = conformal_half_width(known.errors, COVERAGE)
    if not np.isfinite(half):
        rows = len(known.ids)
        why = f"{rows} validation rows are too few for intervals of {100 * COVERAGE:g}%"
        return {"half_width": None, "why": why}
    held = np.abs(test.errors) <= half
    if test.fold is not None:
        for fold in np.unique(test.fold):
            own = test.fold == fold
            held[own] = np.abs(test.errors[own]) <= conformal_half_width(
                test.errors[~own], COVERAGE
            )
    return {
        "half_width": half,
        "method": f"split conformal, {100 * COVERAGE:g}%, from {len(known.ids)} rows",
        "rows": len(known.ids),
        "coverage": wilson(int(held.sum()), len(test.ids), how.level).as_dict(),
    }
