"""Networks of two procedures, made by hand: several seeds, with or without folds."""

import numpy as np
from toy_tables import CLASSES

from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.crossvalidation.pairs import Pair
from {{ cookiecutter.package_name }}.measures.uncertainty import Uncertainty
from {{ cookiecutter.package_name }}.predictions import Predictions

HOW = Uncertainty(level=0.95, resamples=300, seed=0, margin=0.02)


def cell(
    table: Predictions,
    procedure: str = "",
    seed: int = 0,
    fold: int | None = None,
    trained_on: int = 1000,
) -> Cell:
    """One network that says what ``table`` holds."""
    run = f"{procedure}-{seed}" + ("" if fold is None else f"-{fold}")
    return Cell(run, procedure, seed, fold, table, trained_on)


def classifier(right: np.ndarray) -> Predictions:
    """A table whose rows are right where ``right`` says so (rows,)."""
    targets = np.arange(len(right)) % 2
    predicted = np.where(right, targets, 1 - targets)
    probabilities = np.where(predicted[:, None] == [0, 1], 0.9, 0.1)
    return Predictions([f"row {row}" for row in range(len(right))], CLASSES, targets, probabilities)


def regressor(off: np.ndarray) -> Predictions:
    """A table of values, each ``off`` its target by so much (rows,)."""
    targets = np.arange(len(off)) / 7
    return Predictions([f"row {row}" for row in range(len(off))], [], targets, targets + off)


def classifiers(a: float, b: float, rows: int, seeds: int = 5) -> list[Pair]:
    """Pairs that are right on these shares of rows, mostly the same ones whatever the seed."""
    hard = np.random.default_rng(0).permutation(rows) / rows

    def of(share: float, procedure: str, seed: int) -> Cell:
        noise = np.random.default_rng([seed, len(procedure)]).normal(0, 0.005, rows)
        return cell(classifier(hard + noise < share), procedure, seed)

    return [Pair(of(a, "a", seed), of(b, "bb", seed)) for seed in range(seeds)]


def regressors(a: float, b: float, rows: int, seeds: int = 5) -> list[Pair]:
    """Pairs whose mean absolute error is about this."""
    size = np.abs(np.random.default_rng(0).normal(1, 0.2, rows))

    def of(error: float, procedure: str, seed: int) -> Cell:
        noise = np.random.default_rng([seed, len(procedure)]).normal(1, 0.02, rows)
        return cell(regressor(error * size * noise), procedure, seed)

    return [Pair(of(a, "a", seed), of(b, "bb", seed)) for seed in range(seeds)]
