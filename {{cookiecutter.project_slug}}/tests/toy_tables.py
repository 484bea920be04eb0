"""Tables of predictions made by hand, for the tests of what is computed from them."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from configured import configured

from {{ cookiecutter.package_name }}.config.evaluation import Evaluation
from {{ cookiecutter.package_name }}.measures.tables import Evidence
from {{ cookiecutter.package_name }}.measures.uncertainty import Uncertainty
from {{ cookiecutter.package_name }}.predictions import Predictions

ROWS = 400
CLASSES = ["a", "b"]
HOW = Uncertainty(level=0.95, resamples=200, seed=0, margin=0.02, test_share=0.25)


def table(right: int, rows: int = ROWS, sure: float = 0.9, start: int = 0) -> Predictions:
    """A table whose rows from ``start`` are right, ``right`` of them, and the others wrong."""
    targets = np.arange(rows) % 2
    correct = (np.arange(rows) - start) % rows < right
    predicted = np.where(correct, targets, 1 - targets)
    probabilities = np.where(predicted[:, None] == [0, 1], sure, 1 - sure)
    return Predictions([f"{row}.png" for row in range(rows)], CLASSES, targets, probabilities)


def values(off: float, rows: int = ROWS) -> Predictions:
    """A table of values, each predicted too high by ``off``, and a little more or less."""
    targets = np.arange(rows) / 7
    noise = np.random.default_rng(0).normal(size=rows) / 10
    return Predictions([f"{row}" for row in range(rows)], [], targets, targets + off + noise)


def grouped(one: Predictions, size: int) -> Predictions:
    """The same table, with groups of ``size`` neighbouring rows each."""
    names = [f"group {row // size}" for row in range(len(one.ids))]
    return replace(one, facts=pl.DataFrame({"group": names}))


def evidence_of(
    test: dict[str, Predictions], validation: dict[str, Predictions] | None = None
) -> Evidence:
    """The tables of a network and its baselines, and nothing else."""
    return Evidence(test, validation or test, {}, None)


def settings(**changes: Any) -> Evaluation:
    """The evaluation of conf/ without slices, quick."""
    chosen: dict[str, Any] = {"slices": [], "sensitive": [], "resamples": 200}
    return replace(configured().evaluation, **chosen | changes)
