"""One network from its recipe: built, trained where it is not yet, and what it went through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightning.pytorch import Callback
from torch import nn

from ..config.training import Reading, Trainer
from ..data import PreparedData
from ..model import build
from ..runtime.errors import DivergedError
from ..runtime.files import remove
from ..runtime.processes import is_worker
from .history import History
from .learner import Learner
from .objective import objective_for
from .sharding import ShardedLearner
from .trainer import find_rate, start, train_network

if TYPE_CHECKING:
    from ..config.kit import Augmentation
    from ..tracking.tracker import Tracker


@dataclass(frozen=True)
class Recipe:
    """What a network is made from, beside its rows."""

    model: Any
    optimizer: Any
    trainer: Trainer
    data: Reading
    augmentation: Augmentation
    seed: int


@dataclass(frozen=True)
class Attempt:
    """One network to be trained: on which rows, where, and who watches."""

    fold: int | None  # the one whose rows it is not trained on; None: there are no folds
    place: Path  # of its history and checkpoints
    insights: Path  # the folder of what is found out about the training
    goes_on: bool  # from the last whole checkpoint, if there is one
    listener: Tracker | None = None  # who else gets the metrics of each epoch
    watching: Sequence[Callback] = ()  # callbacks that see an epoch before it is kept


def train_fold(
    recipe: Recipe, prepared: Path, attempt: Attempt
) -> tuple[nn.Module, History] | None:
    """Train one network, and return it with what it has been through.

    The result is None in all processes but the first, and where only a rate was looked for.

    Raises:
        DivergedError: when no epoch had a finite validation loss.
    """
    settings, fold, place = recipe.trainer, attempt.fold, attempt.place
    start(recipe.seed, settings.threads)
    again = settings.overfit_batches > 0
    data = PreparedData(
        prepared, recipe.data, recipe.augmentation, fold=fold, seed=recipe.seed, reshuffle=not again
    )
    learner = new_learner(data, recipe.model, recipe.optimizer, settings)
    if settings.find_lr:
        find_rate(learner, data, settings, attempt.insights)
        if not is_worker():
            remove(place.parent)  # there is nothing to go on with
        return None
    history = History(place / "history.csv", settings.max_epochs, attempt.listener, fold)
    goes_on, others = attempt.goes_on, attempt.watching
    weights = train_network(
        learner, data, history, settings, attempt.insights, others, goes_on=goes_on
    )
    if weights is None:
        return None
    check_converged(history, recipe.optimizer.lr)
    network = build(recipe.model, data.manifest, fold)  # anew: not compiled, nor shared out
    network.load_state_dict(weights)
    return network, history


def new_learner(data: PreparedData, model: Any, optimizer: Any, settings: Trainer) -> Learner:
    """Build the network that ``model`` names for ``data``, and what trains it."""
    objective = objective_for(data.targets, data.manifest.classes, settings.class_weights)
    kind = ShardedLearner if settings.strategy == "fsdp" else Learner
    learner = kind(build(model, data.manifest, data.fold), optimizer, objective)
    if settings.compile:
        learner.network.compile()
    return learner


def check_converged(history: History, lr: float) -> None:
    """Refuse a training in which no epoch had a finite validation loss."""
    if not math.isfinite(history.best_metrics["val/loss"]):
        raise DivergedError(
            f"training diverged, no epoch had a finite validation loss. Lower optimizer.lr={lr:g}, "
            "or set trainer.gradient_clip to 1.0."
        )
