"""Results to tell of: of kinds and of numbers, small enough to check by hand."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from learn.talk import slides
from learn.talk.story import Story

ROWS = 400


def measured(value: float, low: float, high: float, rows: int = ROWS) -> dict[str, Any]:
    """A number with its interval, as metrics.json has it."""
    return {"value": value, "low": low, "high": high, "rows": rows}


def of_kinds(verdict: str = "no_difference", **changes: Any) -> Story:
    """A program that tells letters from bills; ``changes`` are of its metrics."""
    metrics: dict[str, Any] = {
        "verdict": verdict,
        "margin": 0.02,
        "test_set": {"rows": ROWS},
        "models": {
            "network": {"accuracy": measured(0.9772, 0.9581, 0.9866)},
            "linear": {"accuracy": measured(0.95, 0.93, 0.97)},
            "knn": {"accuracy": measured(0.9, 0.87, 0.93)},
        },
        "comparison": {
            "metric": "accuracy",
            "best_baseline": "linear",
            "differences": {
                "linear": measured(0.0272, -0.0151, 0.0612) | {"rows_needed": 2030},
                "knn": measured(0.0772, 0.04, 0.11),
            },
        },
        "classes": [
            {"class": "letter", "rows": 250, "recall": measured(0.988, 0.965, 0.996, 250)},
            {"class": "bill", "rows": 150, "recall": measured(0.9533, 0.9069, 0.9772, 150)},
        ],
    }
    return Story("post", "To sort letters.", metrics | changes, np.empty(0), np.empty(0))


def of_values(verdict: str = "no_difference", **changes: Any) -> Story:
    """A program that says what a parcel weighs."""
    cell = {"corruption": "noise", "severity": 5, "network": measured(70.2, 66.4, 74.1)}
    metrics: dict[str, Any] = {
        "verdict": verdict,
        "margin": 0.02,
        "test_set": {"rows": ROWS},
        "models": {
            "network": {"mae": measured(44.9955, 42.1553, 47.9605)},
            "linear": {"mae": measured(46.4, 43.1, 49.9)},
        },
        "comparison": {
            "metric": "mae",
            "best_baseline": "linear",
            "differences": {"linear": measured(1.39, -2.2, 5.1) | {"rows_needed": 13989}},
        },
        "slices": [{"name": "wet", "measured": False}],
        "robustness": {"cells": [cell | {"severity": 1}, cell]},
    }
    targets = np.linspace(25, 346, ROWS)
    return Story("scales", "", metrics | changes, targets, np.linspace(-90, 90, ROWS))


VERDICTS = ["better", "worse", "no_difference", "too_few_rows", "invalid"]
STORIES = [(make, verdict) for make in (of_kinds, of_values) for verdict in VERDICTS]
EACH = pytest.mark.parametrize(("make", "verdict"), STORIES)


@cache
def told_of(make: Callable[[str], Story], verdict: str) -> list[slides.Slide]:
    """The slides, drawn once for all tests."""
    return slides.five(make(verdict))
