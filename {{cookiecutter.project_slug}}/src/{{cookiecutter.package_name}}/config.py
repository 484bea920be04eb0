"""The types of the configuration: conf/ holds the values, and this is where they are checked.

A dataclass here has no defaults, so that conf/ is the only place to look for a value. A group with
several choices (model, optimizer) has one dataclass per set of fields, found by its ``_target_``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from .config_kit import MODELS, Data
from .runtime.errors import UserError, check, nearest


class Schedule(Enum):
    """How the learning rate moves over the steps of training."""

    constant = "constant"
    cosine = "cosine"


class ClassWeights(Enum):
    """``balanced`` weighs each class by the inverse of its share of the training set."""

    none = "none"
    balanced = "balanced"


@dataclass
class Optimizer:
    """What every optimizer has."""

    _target_: str
    lr: float
    weight_decay: float
    schedule: Schedule
    warmup: float  # share of all steps

    def __post_init__(self) -> None:
        check(0 < self.lr < math.inf, "optimizer.lr", self.lr, "a number above 0")
        check(self.weight_decay >= 0, "optimizer.weight_decay", self.weight_decay, "0 or more")
        check(0 <= self.warmup < 1, "optimizer.warmup", self.warmup, "a share from 0 to below 1")


@dataclass
class AdamW(Optimizer):
    """Adam with decoupled weight decay."""

    fused: bool


@dataclass
class SGD(Optimizer):
    """Stochastic gradient descent with Nesterov's momentum."""

    momentum: float
    nesterov: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        check(0 <= self.momentum < 1, "optimizer.momentum", self.momentum, "0 to below 1")
        possible = self.momentum > 0 or not self.nesterov
        check(possible, "optimizer.nesterov", self.nesterov, "false where momentum is 0")


# Half-precision weights and forked processes are left out: export and history need neither.
KNOWN_TO_TRAINER = {
    "accelerator": ("cpu", "gpu", "cuda", "mps", "auto"),
    "strategy": ("auto", "ddp"),
    "precision": ("32-true", "bf16-mixed", "16-mixed"),
}


@dataclass
class Trainer:
    """What Lightning's Trainer is told, and when to stop."""

    accelerator: str
    devices: int
    strategy: str
    precision: str
    threads: int | None  # of torch on CPU; null: as many as there are cores
    max_epochs: int
    patience: int  # epochs without a better validation loss
    class_weights: ClassWeights
    gradient_clip: float | None
    deterministic: bool
    fast_dev_run: bool
    overfit_batches: int
    profiler: str | None

    def __post_init__(self) -> None:
        for name, known in KNOWN_TO_TRAINER.items():
            value = getattr(self, name)
            if value not in known:
                raise UserError(f"trainer.{name}={value}: unknown. {nearest(value, known)}")
        _check_counts(self, "trainer", "devices", "max_epochs", "patience", "threads")
        clip, batches, profiler = self.gradient_clip, self.overfit_batches, self.profiler
        check(clip is None or clip > 0, "trainer.gradient_clip", clip, "null, or above 0")
        check(batches >= 0, "trainer.overfit_batches", batches, "0 or more")
        check(profiler in (None, "simple"), "trainer.profiler", profiler, "null or simple")


@dataclass
class Audit:
    """Which kinds of leaks (leaks/finding.py) are meant to be: they are told, and stop nothing."""

    accept: list[str]


@dataclass
class Baselines:
    """How much work goes into the classical models."""

    trials: int  # settings of each model tried on the validation set, if it has as many
    threads: int | None  # of the numerical libraries; null: as many as there are cores
    max_rows: int  # more training rows are sampled down to this many
    max_features: int  # wider rows are cut down to this many

    def __post_init__(self) -> None:
        _check_counts(self, "baselines", "trials", "threads", "max_rows", "max_features")


@dataclass
class Evaluation:
    """How uncertain numbers are reported."""

    level: float  # of every interval
    resamples: int  # of every bootstrap

    def __post_init__(self) -> None:
        check(0.5 <= self.level < 1, "evaluation.level", self.level, "a share from 0.5 to below 1")
        check(self.resamples >= 100, "evaluation.resamples", self.resamples, "100 or more")


@dataclass
class Tracking:
    """Where MLflow keeps the runs."""

    enabled: bool
    uri: str | None  # null: MLFLOW_TRACKING_URI if it is set, or else mlflow.db in the project
    experiment: str
    timeout: float  # seconds that a server has to answer before the run is kept locally

    def __post_init__(self) -> None:
        check(self.timeout > 0, "tracking.timeout", self.timeout, "seconds above 0")


@dataclass
class Config:
    """Everything that a verb can be told."""

    data: Data
    model: Any
    optimizer: Any
    trainer: Trainer
    audit: Audit
    baselines: Baselines
    evaluation: Evaluation
    tracking: Tracking
    seed: int
    run: str | None  # the name of a run by hand; null: its date and time

    def __post_init__(self) -> None:
        check(0 <= self.seed < 2**32, "seed", self.seed, "a whole number from 0 to below 2**32")
        clip, mixed = self.trainer.gradient_clip, self.trainer.precision != "32-true"
        fused = getattr(self.optimizer, "fused", False)
        possible = clip is None or not (fused and mixed)
        expected = f"null, or optimizer.fused=false, where precision is {self.trainer.precision}"
        check(possible, "trainer.gradient_clip", clip, expected)


def _check_counts(settings: object, group: str, *names: str) -> None:
    for name in names:
        value = getattr(settings, name)
        check(value is None or value >= 1, f"{group}.{name}", value, "a whole number above 0")


OPTIMIZERS = {"torch.optim.AdamW": AdamW, "torch.optim.SGD": SGD}


def typed(composed: Any) -> Config:
    """Check a composed configuration (or a loaded params.yaml) against the types above.

    Raises:
        UserError, or OmegaConf's own errors: unknown key, wrong type, value out of range.
    """
    from omegaconf import OmegaConf

    schema = OmegaConf.structured(Config)
    for group, choices in (("model", MODELS), ("optimizer", OPTIMIZERS)):
        target = str(composed[group]["_target_"])
        if target not in choices:
            raise UserError(f"{group}._target_={target}: unknown. {nearest(target, choices)}")
        schema[group] = OmegaConf.structured(choices[target])
    return cast(Config, OmegaConf.to_object(OmegaConf.merge(schema, composed)))
