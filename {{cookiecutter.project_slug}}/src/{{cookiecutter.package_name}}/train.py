"""data/prepared -> models/network: fit with Lightning, keep the best epoch, export."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from .cluster.preflight import preflight
from .config import Config, Resume
from .runtime.command import command
from .runtime.errors import UserError, check
from .runtime.files import Workspace, remove
from .training.settings import Trainer

if TYPE_CHECKING:
    from torch import nn

    from .data import PreparedData
    from .training.history import History
    from .training.learner import Learner


@command
def main(config: Config, workspace: Workspace) -> None:
    """Train the network of the group `model` on the prepared data."""
    preflight(config.trainer, os.environ)
    from .data import PreparedData
    from .model import build
    from .schema import PREDICTS_WITH, Manifest, signature
    from .splits import networks
    from .tracking.tracker import Tracker
    from .training import resume
    from .training.export import export
    from .training.history import History
    from .training.trainer import find_rate, start, train_network

    prepared, settings = workspace.reads("data/prepared"), config.trainer
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = networks(manifest.folds, config.data.fold)
    alone = settings.world_size == 1 or len(folds) == 1
    check(alone, "trainer.devices", settings.devices, "1 where each fold has a network of its own")
    scratch, by_hand = workspace.scratch / "training", workspace.output != workspace.project
    wanted = config.resume is Resume.auto or not by_hand
    if by_hand and wanted and resume.has_ended(scratch, workspace.output / "models/network"):
        print("train: this run has ended; without resume=auto it is trained again")
        return
    made_from = {"model": config.model, "optimizer": config.optimizer, "seed": config.seed}
    groups = {**made_from, "trainer": settings, "data": config.data}
    this = resume.identity(groups, manifest.hashes, workspace.project)
    goes_on = resume.begin(scratch, this, wanted=wanted, strict=by_hand)
    with Tracker(config.tracking, workspace, "train", resumed=goes_on) as tracker:
        trained: list[tuple[nn.Module, History]] = []
        for fold in folds:
            start(config.seed, settings.threads)
            again = settings.overfit_batches > 0
            data = PreparedData(
                prepared, config.data, fold=fold, seed=config.seed, reshuffle=not again
            )
            learner = new_learner(data, config.model, config.optimizer, settings)
            place = scratch / ("all" if fold is None else f"fold-{fold}")
            listener = tracker if fold == folds[0] else None
            history = History(place / "history.csv", settings.max_epochs, listener, fold)
            insights = workspace.output / "insights"
            if settings.find_lr:
                find_rate(learner, data, settings, insights)
                remove(scratch)  # there is nothing to go on with
                return
            weights = train_network(learner, data, history, settings, insights, goes_on=goes_on)
            if weights is None:
                return  # in another process
            check_converged(history, config.optimizer.lr)
            network = build(config.model, manifest, fold)  # anew: not compiled, nor shared out
            network.load_state_dict(weights)
            trained.append((network, history))
        with workspace.publishes("models/network") as folder:
            for network, history in trained:
                place = folder if history.fold == folds[0] else folder / f"fold-{history.fold}"
                export(network, manifest, history, place, made_from, portable=place == folder)
        logged = workspace.output / "models/network"
        tracker.log_model(logged, signature(manifest), manifest.hashes, PREDICTS_WITH)
    remove(scratch)


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
