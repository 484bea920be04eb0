"""Tables of predictions made by hand, for the tests of what is computed from them."""

import numpy as np

from {{ cookiecutter.package_name }}.predictions import Predictions

ROWS = 400
CLASSES = ["a", "b"]


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
