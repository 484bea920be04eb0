"""The types of the configuration: conf/ holds the values, and this is where they are checked.

A dataclass here has no defaults, so that conf/ is the only place to look for a value. A group with
several choices (model, optimizer) has one dataclass per set of fields, found by its ``_target_``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from ..runtime.errors import UserError, check, nearest
from .evaluation import Evaluation
from .gate import Gate
from .kit import MODELS, Data
from .search import Tune
from .training import OPTIMIZERS, Trainer, check_counts


class Resume(Enum):
    """Whether a training that was interrupted goes on: ``auto`` does so where there is one."""

    never = "never"
    auto = "auto"


@dataclass
class Audit:
    """Which kinds of leaks (leaks/finding.py) are meant to be: they are told, and stop nothing."""

    accept: list[str]  # kinds: duplicates, future, groups, pictures, statistics, telling


@dataclass
class Baselines:
    """How much work goes into the classical models."""

    trials: int  # settings of each model tried on the validation set, if it has as many
    threads: int | None  # of the numerical libraries; null: as many as there are cores
    max_rows: int  # more training rows are sampled down to this many
    max_features: int  # wider rows are cut down to this many

    def __post_init__(self) -> None:
        check_counts(self, "baselines", "trials", "threads", "max_rows", "max_features")


@dataclass
class Tracking:
    """Where MLflow keeps the runs."""

    enabled: bool  # false: nothing is kept of a training but its folder
    # of a server; null: MLFLOW_TRACKING_URI if it is set, or else mlflow.db in the project
    uri: str | None
    experiment: str  # the name under which MLflow groups the runs
    timeout: float  # seconds that a server has to answer before the run is kept locally

    def __post_init__(self) -> None:
        check(self.timeout > 0, "tracking.timeout", self.timeout, "seconds above 0")
        if self.uri is not None:
            expected = "no password, which everybody could read; MLFLOW_TRACKING_URI may have one"
            check("@" not in self.uri.partition("://")[2], "tracking.uri", "...@...", expected)


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
    gate: Gate
    tune: Tune
    tracking: Tracking
    seed: int  # of every random draw: the same seed gives the same model
    run: str | None  # the name of a run by hand; null: its date and time
    # auto: goes on with a training by hand that was interrupted; the pipeline always does
    resume: Resume

    def __post_init__(self) -> None:
        check(0 <= self.seed < 2**32, "seed", self.seed, "a whole number from 0 to below 2**32")
        clip, mixed = self.trainer.gradient_clip, self.trainer.precision != "32-true"
        fused = getattr(self.optimizer, "fused", False)
        possible = clip is None or not (fused and mixed)
        expected = f"null, or optimizer.fused=false, where precision is {self.trainer.precision}"
        check(possible, "trainer.gradient_clip", clip, expected)


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
