"""The types of the group `tune`: what is searched, with how much effort, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..runtime.errors import check
from .training import check_counts

FEWEST_SEEDS = 2


class Target(Enum):
    """What is tuned: the network, or after it the baselines with as many trials each."""

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
    """A hyperparameter search."""

    study: str | None
    target: Target
    space: dict[str, Any]  # read and checked by search/space.py
    metric: str
    trials: int
    quasi_random: int  # of the trials, the first ones
    pruner: Pruner
    warmup: int  # epochs before a trial may be pruned
    workers: int  # trials at a time on this machine
    storage: str | None
    seeds: int  # fresh ones, in the comparison at the end
    split: Judge

    def __post_init__(self) -> None:
        check_counts(self, "tune", "trials", "quasi_random", "workers")
        check(self.warmup >= 0, "tune.warmup", self.warmup, "0 or more")
        seeds = f"a whole number from {FEWEST_SEEDS} on"
        check(self.seeds >= FEWEST_SEEDS, "tune.seeds", self.seeds, seeds)
        if self.storage is not None:
            expected = "no password, which everybody could read; OPTUNA_STORAGE may have one"
            check("@" not in self.storage.partition("://")[2], "tune.storage", "...@...", expected)
