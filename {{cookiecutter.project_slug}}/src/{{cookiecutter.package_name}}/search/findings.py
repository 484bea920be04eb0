"""What the trials of a study say: numbers for the page, computed here and drawn elsewhere."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from typing import Any

import numpy as np
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from .design import place_of
from .display import best_of
from .space import Space
from .study import EPOCHS, READY, SECONDS, WHY, trials_of

EDGE = 0.05  # of a range: a best value as near to an end is said to lie at it
FEWEST_FOR_IMPORTANCE = 8  # complete trials
LARGEST_K = 200
Findings = dict[str, Any]


def findings(study: Study, space: Space) -> Findings:
    """Return what there is to tell of a study of ``space``, ready for JSON."""
    beginning = study.user_attrs[READY]
    points = int(beginning["points"])
    some = [one for one in trials_of(study) if one.state.is_finished()]
    best = best_of(study, some)
    maximize = study.direction.name == "MAXIMIZE"
    values = [t.value for t in some[:points] if t.state == TrialState.COMPLETE]
    first = some[0].value if beginning["first"] and some else None
    return {
        "study": study.study_name,
        "maximize": maximize,
        "points": points,
        "first": first,  # of the current configuration, where it lies in the space
        "best": None if best is None else {"trial": best.number, "value": best.value},
        "states": {s.name.lower(): n for s, n in Counter(t.state for t in some).items()},
        "seconds": math.fsum(float(t.user_attrs.get(SECONDS, 0.0)) for t in some),
        "epochs": sum(int(t.user_attrs.get(EPOCHS, 0)) for t in some),
        "trials": [_told(one) for one in some],
        "importance": importances(study, some),
        "edges": edges(space, best),
        "best_of": best_of_k([float(v) for v in values if v is not None], maximize=maximize),
    }


def _told(trial: FrozenTrial) -> dict[str, Any]:
    steps = trial.intermediate_values
    return {
        "number": trial.number,
        "state": trial.state.name.lower(),
        "value": trial.value if trial.state == TrialState.COMPLETE else None,
        "last": steps[max(steps)] if steps and math.isfinite(steps[max(steps)]) else None,
        "epochs": trial.user_attrs.get(EPOCHS),
        "seconds": trial.user_attrs.get(SECONDS),
        "why": trial.user_attrs.get(WHY, ""),
        "params": trial.params,
    }


def importances(study: Study, some: list[FrozenTrial]) -> dict[str, float]:
    """Return the share of the values' variance that each key explains (fANOVA, Hutter et al. 2014).

    Empty with fewer than ``FEWEST_FOR_IMPORTANCE`` complete trials, or where all did equally well.
    """
    complete = [one for one in some if one.state == TrialState.COMPLETE]
    if len(complete) < FEWEST_FOR_IMPORTANCE or len({one.value for one in complete}) < 2:
        return {}
    with warnings.catch_warnings(action="ignore"):
        found = get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0))
    return {name: float(share) for name, share in found.items()}


def edges(space: Space, best: FrozenTrial | None) -> list[dict[str, Any]]:
    """Return where the best trial lies at an end of a range: better ones may lie beyond it."""
    found: list[dict[str, Any]] = []
    for key, value in best.params.items() if best else ():
        place = place_of(space[key], value)
        if place is not None and (place <= EDGE or place >= 1 - EDGE):
            end = "low" if place <= EDGE else "high"
            limit = getattr(space[key], end)
            found.append({"key": key, "end": end, "limit": limit, "best": value})
    return found


def best_of_k(values: list[float], *, maximize: bool) -> list[float]:
    """Return the expected best of k = 1, 2, ... trials drawn from those with these values.

    The values must be of trials that did not learn from each other; with replacement, exactly.
    Source: Dodge et al. (2019), "Show your work".
    """
    if not values:
        return []
    ordered = np.sort(np.array(values) * (1 if maximize else -1))
    n, most = len(ordered), min(LARGEST_K, len(ordered))
    shares = np.arange(n + 1) / n
    powers = [np.diff(shares**k) for k in range(1, most + 1)]
    return [float((ordered * power).sum() * (1 if maximize else -1)) for power in powers]
