"""data/prepared -> models/network: fit with Lightning, keep the best epoch, export."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from .cluster.preflight import preflight
from .config import Config, Resume
from .config.training import Reading, check_processes
from .runtime.command import command
from .runtime.files import Workspace, remove

if TYPE_CHECKING:
    from torch import nn

    from .training.history import History


@command
def main(config: Config, workspace: Workspace) -> None:
    """Train the network of the group `model` on the prepared data."""
    preflight(config.trainer, os.environ)
    from .schema import PREDICTS_WITH, Manifest, signature
    from .splits import networks
    from .tracking.tracker import Tracker
    from .training import resume
    from .training.export import export
    from .training.fitting import Attempt, Recipe, train_fold

    data = Reading(config.data.batch_size, config.data.memory_share, config.data.workers)
    groups = config.model, config.optimizer, config.trainer, data, config.data.augmentation
    recipe = Recipe(*groups, config.seed)
    prepared, scratch = workspace.reads("data/prepared"), workspace.scratch / "training"
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = networks(manifest.folds, config.data.fold)
    check_processes(recipe.trainer, data.batch_size, len(folds))
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
            attempt = Attempt(fold, place, workspace.output / "insights", goes_on, listener)
            made = train_fold(recipe, prepared, attempt)
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


if __name__ == "__main__":
    main()
