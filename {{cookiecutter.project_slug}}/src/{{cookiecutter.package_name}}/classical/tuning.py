"""Tune classical models with a few random settings each, on the validation set."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Candidates = dict[str, tuple[Any, dict[str, Any]]]  # a model, and the space of its hyperparameters
Facts = dict[str, Any]  # of one tuned model, as tuning.json has them


def tuned_models(
    candidates: Candidates,
    features: dict[str, NDArray[np.float32]],
    targets: dict[str, NDArray[Any]],
    classes: list[str],
    trials: int,
    seed: int,
) -> Iterator[tuple[str, Any, Facts]]:
    """Yield each baseline, fitted on train with the best of ``trials`` settings on validation.

    A model without probabilities gets them by temperature scaling on the validation set, which
    leaves its decisions as they are.
    """
    from sklearn.base import clone
    from sklearn.exceptions import ConvergenceWarning

    from ..stats.temperature import Tempered

    rows, width = features["train"].shape
    for name, (model, space) in candidates.items():
        best_quality, best = -math.inf, model
        chosen: dict[str, Any] = {}
        settings = settings_of(space, trials, seed)
        for setting in settings:
            with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
                fitted = clone(model).set_params(**setting).fit(features["train"], targets["train"])
            quality = quality_of(fitted, features["val"], targets["val"], classes)
            if quality > best_quality:
                best_quality, best, chosen = quality, fitted, setting
        if classes and not hasattr(best, "predict_proba"):
            best = Tempered(best, features["val"], targets["val"])
        facts = {
            "trials": len(settings),
            "space": ranges_of(space),
            "chosen": chosen,
            "converged": has_converged(best),
            "metric": "accuracy" if classes else "mae",
            "validation": abs(best_quality),
            "train_rows": rows,
            "features": width,
        }
        yield name, best, facts


def quality_of(
    model: Any, features: NDArray[np.float32], targets: NDArray[Any], classes: list[str]
) -> float:
    """Return the accuracy, or the mean absolute error with a minus: more is better."""
    predicted = model.predict(features)
    return float((predicted == targets).mean() if classes else -np.abs(predicted - targets).mean())


def outputs_of(
    model: Any, features: NDArray[np.float32], classes: list[str]
) -> NDArray[np.floating]:
    """Return probabilities (rows, classes), also of classes the model never saw, or values."""
    if not classes:
        return np.asarray(model.predict(features), np.float64)
    probabilities = np.zeros((len(features), len(classes)))
    if len(features):
        probabilities[:, model.classes_] = model.predict_proba(features)
    return probabilities


def has_converged(model: Any) -> bool:
    """Whether softmax regression ended where its loss is least; the others do not say."""
    last = model[-1] if hasattr(model, "steps") else model
    return getattr(last, "converged_", True)


def settings_of(space: dict[str, Any], trials: int, seed: int) -> list[dict[str, Any]]:
    """Return ``trials`` random settings of ``space``, or the only one of an empty space."""
    from sklearn.model_selection import ParameterSampler

    if all(isinstance(values, list) for values in space.values()):
        trials = min(trials, math.prod(map(len, space.values())))
    drawn = ParameterSampler(space, trials, random_state=seed)
    return [
        {key: round(float(v), 6) if isinstance(v, float) else v for key, v in draw.items()}
        for draw in drawn
    ]


def ranges_of(space: dict[str, Any]) -> dict[str, str]:
    """Return what each hyperparameter of ``space`` is drawn from, in words."""

    def told(values: Any) -> str:
        if isinstance(values, list):
            return " | ".join(map(str, values))
        low, high = values.support()
        return f"{values.dist.name} {low:g} to {high:g}"

    return {key: told(values) for key, values in space.items()}


def sample_rows(rows: int, most: int, seed: int) -> NDArray[np.int64]:
    """Return at most ``most`` row numbers, drawn without replacement."""
    return np.random.default_rng(seed).permutation(rows)[:most]


def told(facts: Facts) -> str:
    """Say how a model did on validation, and with which setting."""
    chosen = facts["chosen"] or "nothing to tune"
    cut = "" if facts["converged"] else ", stopped before it converged"
    return f"{facts['validation']:.3f} {facts['metric']} on validation, {chosen}{cut}"
