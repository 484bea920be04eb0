"""data/prepared -> models/network: fit with Lightning, keep the best epoch, export."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Config
from .runtime.command import command
from .runtime.errors import UserError, check
from .runtime.files import Workspace
from .training.settings import Trainer

if TYPE_CHECKING:
    import lightning.pytorch as lightning
    from torch import nn

    from .data import PreparedData
    from .training.history import History
    from .training.learner import Learner


@command
def main(config: Config, workspace: Workspace) -> None:
    """Train the network of the group `model` on the prepared data."""
    from .data import PreparedData
    from .schema import PREDICTS_WITH, Manifest, signature
    from .splits import networks
    from .tracking.tracker import Tracker
    from .training.export import export
    from .training.history import History

    prepared, settings = workspace.reads("data/prepared"), config.trainer
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = networks(manifest.folds, config.data.fold)
    alone = settings.devices == 1 or len(folds) == 1
    check(alone, "trainer.devices", settings.devices, "1 where each fold has a network of its own")
    with Tracker(config.tracking, workspace, "train") as tracker:
        trained: list[tuple[nn.Module, History]] = []
        for fold in folds:
            data = PreparedData(
                prepared,
                fold=fold,
                batch_size=config.data.batch_size,
                augmentation=config.data.augmentation,
                memory_share=config.data.memory_share,
                seed=config.seed,
                reshuffle=settings.overfit_batches == 0,
            )
            scratch = workspace.scratch / ("all" if fold is None else f"fold-{fold}")
            listener = tracker if fold == folds[0] else None
            history = History(scratch / "history.csv", settings.max_epochs, listener, fold)
            start(config.seed, settings.threads)
            learner = new_learner(data, config.model, config.optimizer, settings)
            trainer = make_trainer(settings, scratch, history)
            fit(trainer, learner, data)
            check_converged(history, config.optimizer.lr)
            trained.append((learner.network, history))
            if not trainer.is_global_zero:
                return
        with workspace.publishes("models/network") as folder:
            made_from = {"model": config.model, "optimizer": config.optimizer, "seed": config.seed}
            for network, history in trained:
                place = folder if history.fold == folds[0] else folder / f"fold-{history.fold}"
                export(network, manifest, history, place, made_from)
        logged = workspace.output / "models/network"
        tracker.log_model(logged, signature(manifest), manifest.hashes, PREDICTS_WITH)


def new_learner(data: PreparedData, model: Any, optimizer: Any, settings: Trainer) -> Learner:
    """Build the network that ``model`` names for ``data``, and what trains it."""
    from .model import build
    from .training.learner import Learner
    from .training.objective import objective_for

    objective = objective_for(data.targets, data.manifest.classes, settings.class_weights)
    return Learner(build(model, data.manifest, data.fold), optimizer, objective)


def start(seed: int, threads: int | None) -> None:
    """Seed every random generator, fix the number of threads, and silence what nobody reads."""
    import logging
    import warnings

    import torch
    from lightning.pytorch import seed_everything

    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("lightning.pytorch.profilers").setLevel(logging.INFO)  # its table is wanted
    warnings.filterwarnings("ignore", module="lightning|torch.utils.data")
    if threads is not None:
        torch.set_num_threads(threads)
    seed_everything(seed, workers=True, verbose=False)


def make_trainer(
    settings: Trainer, scratch: Path, history: lightning.Callback
) -> lightning.Trainer:
    """Build the Trainer: it keeps the epoch of lowest validation loss, and stops in time.

    Raises:
        UserError: when this machine lacks the hardware that ``settings`` name.
    """
    from lightning.fabric.utilities.exceptions import MisconfigurationException
    from lightning.pytorch import Trainer as LightningTrainer
    from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint

    callbacks = [
        history,
        EarlyStopping("val/loss", patience=settings.patience),
        ModelCheckpoint(
            scratch / "checkpoints", "best", monitor="val/loss", enable_version_counter=False
        ),
    ]
    try:
        return LightningTrainer(
            accelerator=settings.accelerator,
            devices=settings.devices,
            strategy=settings.strategy,
            precision=settings.precision,  # pyrefly: ignore[bad-argument-type]
            max_epochs=settings.max_epochs,
            gradient_clip_val=settings.gradient_clip,
            accumulate_grad_batches=settings.accumulate,
            deterministic=settings.deterministic,
            fast_dev_run=settings.fast_dev_run,
            limit_train_batches=settings.overfit_batches or 1.0,
            callbacks=callbacks,
            default_root_dir=scratch,
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,  # the sampler of data.py knows its share
        )
    except (MisconfigurationException, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"trainer: {reason} `uv run doctor` says what this machine has.") from error


def fit(trainer: lightning.Trainer, learner: Learner, data: lightning.LightningDataModule) -> None:
    """Train, and leave the weights of the best epoch in ``learner``."""
    import torch

    trainer.fit(learner, data)
    best = getattr(trainer.checkpoint_callback, "best_model_path", "")
    if best:  # empty after a fast_dev_run, which keeps no checkpoint
        learner.load_state_dict(torch.load(best, weights_only=True)["state_dict"])


def check_converged(history: History, lr: float) -> None:
    """Refuse a training in which no epoch had a finite validation loss."""
    if not math.isfinite(history.best_metrics["val/loss"]):
        raise UserError(
            f"training diverged, no epoch had a finite validation loss. Lower optimizer.lr={lr:g}, "
            "or set trainer.gradient_clip to 1.0."
        )


if __name__ == "__main__":
    main()
