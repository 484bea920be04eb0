"""The types of the group `tune`: what is searched, with how much effort, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..runtime.errors import check
from .training import check_counts

FEWEST_SEEDS = 2


class Target(Enum):
    """What is tuned."""

    network = "network"
    baselines = "baselines"


class Pruner(Enum):
    """How trials that others have left behind are ended early."""

    median = "median"
    hyperband = "hyperband"
    none = "none"


class Judge(Enum):
    """The rows that the chosen configuration and the current one are compared on."""

    val = "val"
    test = "test"


@dataclass
class Tune:
    """A hyperparameter search: over what, with how much effort, and how it is judged."""

    study: str | None
    target: Target
    space: dict[str, Any]
    metric: str  # what a trial is judged by: val/loss, or what else a training's history has
    trials: int  # trainings of the search
    quasi_random: int  # of the trials, the first: spread evenly; Optuna's TPE chooses the rest
    pruner: Pruner  # how trials that others have left behind are ended early
    warmup: int  # epochs before a trial may be pruned
    workers: int
    # URL of a database; null: OPTUNA_STORAGE if it is set, or else a file in runs/tune
    storage: str | None
    seeds: int
    split: Judge  # the rows of that comparison; each run on `test` is a look at it

    def __post_init__(self) -> None:
        check_counts(self, "tune", "trials", "quasi_random", "workers")
        check(self.warmup >= 0, "tune.warmup", self.warmup, "0 or more")
        seeds = f"a whole number from {FEWEST_SEEDS} on"
        check(self.seeds >= FEWEST_SEEDS, "tune.seeds", self.seeds, seeds)
        if self.storage is not None:
            expected = "no password, which everybody could read; OPTUNA_STORAGE may have one"
            check("@" not in self.storage.partition("://")[2], "tune.storage", "...@...", expected)
