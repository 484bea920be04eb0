"""data/prepared -> models/network: fit with Lightning, keep the best epoch, export."""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .cluster.preflight import preflight
from .config import Config, Resume
from .config.training import Reading, Trainer
from .runtime.command import command
from .runtime.errors import UserError, check
from .runtime.files import Workspace, remove
from .runtime.processes import is_worker

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from .config.kit import Augmentation
    from .data import PreparedData
    from .tracking.tracker import Tracker
    from .training.history import History
    from .training.learner import Learner


@dataclass(frozen=True)
class Recipe:
    """What a network is made from, beside its rows."""

    model: Any
    optimizer: Any
    trainer: Trainer
    data: Reading
    augmentation: Augmentation
    seed: int


@command
def main(config: Config, workspace: Workspace) -> None:
    """Train the network of the group `model` on the prepared data."""
    preflight(config.trainer, os.environ)
    from .schema import PREDICTS_WITH, Manifest, signature
    from .splits import networks
    from .tracking.tracker import Tracker
    from .training import resume
    from .training.export import export

    data = Reading(config.data.batch_size, config.data.memory_share, config.data.workers)
    groups = config.model, config.optimizer, config.trainer, data, config.data.augmentation
    recipe = Recipe(*groups, config.seed)
    prepared, scratch = workspace.reads("data/prepared"), workspace.scratch / "training"
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = networks(manifest.folds, config.data.fold)
    processes = recipe.trainer.world_size
    alone = processes == 1 or len(folds) == 1
    check(alone, "trainer.devices", recipe.trainer.devices, "1 where each fold has a network")
    enough = processes == 1 or data.batch_size >= 2 * processes
    expected = f"{2 * processes} or more: two rows for each of {processes} processes"
    check(enough, "data.batch_size", data.batch_size, expected)
    if recipe.trainer.find_lr:
        folds = folds[:1]  # one rate serves them all
    by_hand = workspace.output != workspace.project
    wanted = config.resume is Resume.auto or not by_hand
    if by_hand and wanted and resume.has_ended(scratch, workspace.output / "models/network"):
        print("train: this run has ended; without resume=auto it is trained again")
        return
    facts = {**asdict(recipe), "fold": config.data.fold}
    this = resume.identity(facts, manifest.hashes, workspace.project)
    goes_on = resume.begin(scratch, this, wanted=wanted, strict=by_hand)
    made_from = {"model": recipe.model, "optimizer": recipe.optimizer, "seed": recipe.seed}
    with Tracker(config.tracking, workspace, "train", resumed=goes_on) as tracker:
        trained: list[tuple[nn.Module, History]] = []
        for fold in folds:
            place = scratch / ("all" if fold is None else f"fold-{fold}")
            listener = tracker if fold == folds[0] else None
            insights = workspace.output / "insights"
            made = train_fold(recipe, prepared, fold, place, listener, insights, goes_on)
            trained += [made] if made else []
        if not trained:
            return  # they are in another process, or nothing was to be made
        with workspace.publishes("models/network") as folder:
            for network, history in trained:
                place = folder if history.fold == folds[0] else folder / f"fold-{history.fold}"
                export(network, manifest, history, place, made_from, portable=place == folder)
        logged = workspace.output / "models/network"
        tracker.log_model(logged, signature(manifest), manifest.hashes, PREDICTS_WITH)
    remove(scratch)


def train_fold(
    recipe: Recipe,
    prepared: Path,
    fold: int | None,
    place: Path,
    listener: Tracker | None,
    insights: Path,
    goes_on: bool,
) -> tuple[nn.Module, History] | None:
    """Train one network in the folder ``place``, and return it with what it has been through.

    The result is None in all processes but the first, and where only a rate was looked for.

    Raises:
        UserError: when no epoch had a finite validation loss.
    """
    from .data import PreparedData
    from .model import build
    from .training.history import History
    from .training.trainer import find_rate, start, train_network

    settings = recipe.trainer
    start(recipe.seed, settings.threads)
    again = settings.overfit_batches > 0
    data = PreparedData(
        prepared, recipe.data, recipe.augmentation, fold=fold, seed=recipe.seed, reshuffle=not again
    )
    learner = new_learner(data, recipe.model, recipe.optimizer, settings)
    if settings.find_lr:
        find_rate(learner, data, settings, insights)
        if not is_worker():
            remove(place.parent)  # there is nothing to go on with
        return None
    history = History(place / "history.csv", settings.max_epochs, listener, fold)
    weights = train_network(learner, data, history, settings, insights, goes_on=goes_on)
    if weights is None:
        return None
    check_converged(history, recipe.optimizer.lr)
    network = build(recipe.model, data.manifest, fold)  # anew: not compiled, nor shared out
    network.load_state_dict(weights)
    return network, history


def new_learner(data: PreparedData, model: Any, optimizer: Any, settings: Trainer) -> Learner:
    """Build the network that ``model`` names for ``data``, and what trains it."""
    from .model import build
    from .training.learner import Learner
    from .training.objective import objective_for
    from .training.sharding import ShardedLearner

    objective = objective_for(data.targets, data.manifest.classes, settings.class_weights)
    kind = ShardedLearner if settings.strategy == "fsdp" else Learner
    learner = kind(build(model, data.manifest, data.fold), optimizer, objective)
    if settings.compile:
        learner.network.compile()
    return learner


def check_converged(history: History, lr: float) -> None:
    """Refuse a training in which no epoch had a finite validation loss."""
    if not math.isfinite(history.best_metrics["val/loss"]):
        raise UserError(
            f"training diverged, no epoch had a finite validation loss. Lower optimizer.lr={lr:g}, "
            "or set trainer.gradient_clip to 1.0."
        )


if __name__ == "__main__":
    main()
