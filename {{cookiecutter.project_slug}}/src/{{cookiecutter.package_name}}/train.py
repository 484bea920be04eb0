"""data/prepared -> models/network: fit with Lightning, keep the best epoch, export."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .config import Config, Resume
from .runtime.command import command
from .runtime.errors import UserError, check
from .runtime.files import Workspace, remove
from .training.settings import Trainer

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .data import PreparedData
    from .schema import Manifest
    from .training.history import History
    from .training.learner import Learner


@command
def main(config: Config, workspace: Workspace) -> None:
    """Train the network of the group `model` on the prepared data."""
    from .data import PreparedData
    from .schema import PREDICTS_WITH, Manifest, signature
    from .splits import networks
    from .tracking.tracker import Tracker
    from .training import resume
    from .training.export import export
    from .training.history import History

    prepared, settings = workspace.reads("data/prepared"), config.trainer
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = networks(manifest.folds, config.data.fold)
    alone = settings.world_size == 1 or len(folds) == 1
    check(alone, "trainer.devices", settings.devices, "1 where each fold has a network of its own")
    scratch, by_hand = workspace.scratch / "training", workspace.output != workspace.project
    this = resume.identity(config, manifest.hashes, workspace.project)
    wanted = config.resume is Resume.auto or not by_hand
    if by_hand and wanted and resume.has_ended(scratch, workspace.output / "models/network"):
        print("train: this run has ended; without resume=auto it is trained again")
        return
    goes_on = resume.begin(scratch, this, wanted=wanted, strict=by_hand)
    with Tracker(config.tracking, workspace, "train") as tracker:
        trained: list[tuple[nn.Module, History]] = []
        for fold in folds:
            place = scratch / ("all" if fold is None else f"fold-{fold}")
            listener = tracker if fold == folds[0] else None
            history = History(place / "history.csv", settings.max_epochs, listener, fold)
            reshuffle = settings.overfit_batches == 0
            data = PreparedData(
                prepared, config.data, fold=fold, seed=config.seed, reshuffle=reshuffle
            )
            weights = train_network(config, data, history, goes_on=goes_on)
            if weights is None:
                return  # in another process
            trained.append((restored(config.model, manifest, fold, weights), history))
        with workspace.publishes("models/network") as folder:
            made_from = {"model": config.model, "optimizer": config.optimizer, "seed": config.seed}
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

    objective = objective_for(data.targets, data.manifest.classes, settings.class_weights)
    return Learner(build(model, data.manifest, data.fold), optimizer, objective)


def train_network(
    config: Config, data: PreparedData, history: History, *, goes_on: bool
) -> dict[str, Tensor] | None:
    """Train one network beside ``history``; return its weights, in the first process.

    Raises:
        UserError: when no epoch had a finite validation loss.
    """
    from .training.checkpoints import newest_whole
    from .training.trainer import fit, make_trainer, start

    place, settings = history.file.parent, config.trainer
    checkpoint = newest_whole(place / "checkpoints") if goes_on else None
    start(config.seed, settings.threads)
    learner = new_learner(data, config.model, config.optimizer, settings)
    trainer = make_trainer(settings, place, [history])
    weights = fit(trainer, learner, data, checkpoint)
    check_converged(history, config.optimizer.lr)
    return weights if trainer.is_global_zero else None


def restored(
    model: Any, manifest: Manifest, fold: int | None, weights: dict[str, Tensor]
) -> nn.Module:
    """Build the network anew, as it is exported: not compiled, not sharded, on the CPU."""
    from .model import build

    network = build(model, manifest, fold)
    network.load_state_dict(weights)
    return network


def check_converged(history: History, lr: float) -> None:
    """Refuse a training in which no epoch had a finite validation loss."""
    if not math.isfinite(history.best_metrics["val/loss"]):
        raise UserError(
            f"training diverged, no epoch had a finite validation loss. Lower optimizer.lr={lr:g}, "
            "or set trainer.gradient_clip to 1.0."
        )


if __name__ == "__main__":
    main()
