"""Lightning's Trainer with what this project adds to it, and one fit from its start to its end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import EarlyStopping, EMAWeightAveraging
from lightning.pytorch.plugins.environments import SLURMEnvironment
from torch import Tensor

from ..config.training import Trainer
from ..insight.noise import quieten
from ..insight.profiling import Profiling
from ..insight.progress_bar import Bar
from ..insight.rate_finder import find_learning_rate
from ..runtime.errors import UserError
from ..runtime.garbage import search_as_usual
from .checkpoints import Checkpoints, newest_whole
from .guard import Guard
from .sharding import consolidated, sharding
from .stopping import Stop
from .unfreezing import Unfreezing
from .wholeness import WrittenInPlace

if TYPE_CHECKING:
    from ..data import PreparedData
    from .history import History
    from .learner import Learner


CHECKPOINTS = "checkpoints"  # a folder beside the history


def start(seed: int, threads: int | None) -> None:
    """Seed every random generator, fix the number of threads, and silence what nobody reads."""
    quieten()
    search_as_usual()  # by now everything is imported
    # Otherwise deterministic algorithms fill all new memory first: a hundred operations a step.
    setattr(torch.utils.deterministic, "fill_uninitialized_memory", False)  # noqa: B010 - untyped
    if threads is not None:
        torch.set_num_threads(threads)
    lightning.seed_everything(seed, workers=True, verbose=False)


def make_trainer(
    settings: Trainer, scratch: Path, others: Sequence[lightning.Callback]
) -> lightning.Trainer:
    """Build the Trainer: it keeps the epochs of lowest validation loss, and stops in time.

    Args:
        settings: the group ``trainer``.
        scratch: where it keeps checkpoints.
        others: callbacks that see an epoch before it is kept.

    Raises:
        UserError: when this machine lacks the hardware that ``settings`` name.
    """
    averages = [EMAWeightAveraging(decay=settings.ema)] if settings.ema else []
    callbacks: list[lightning.Callback] = [
        Guard(),
        Unfreezing(),
        *averages,
        Bar(),
        *others,
        Patience("val/loss", patience=settings.patience, check_finite=False),
        Checkpoints(scratch / CHECKPOINTS, settings.checkpoints, Stop()),
    ]
    # Requeueing is the job's own work, see docs/slurm.md.
    cluster = [SLURMEnvironment(auto_requeue=False)] if SLURMEnvironment.detect() else []
    try:
        return lightning.Trainer(
            accelerator=settings.accelerator,
            devices=settings.devices,
            num_nodes=settings.nodes,
            strategy=_strategy(settings),
            precision=settings.precision,  # pyrefly: ignore[bad-argument-type]
            max_epochs=settings.max_epochs,
            gradient_clip_val=settings.gradient_clip,
            accumulate_grad_batches=settings.accumulate,
            deterministic=settings.deterministic,
            fast_dev_run=settings.fast_dev_run,
            limit_train_batches=settings.overfit_batches or 1.0,
            callbacks=callbacks,
            plugins=[WrittenInPlace(), *cluster],
            default_root_dir=scratch,
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,  # training/batches.py knows its share
        )
    except (MisconfigurationException, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"trainer: {reason} `uv run doctor` says what this machine has.") from error


def train_network(
    learner: Learner,
    data: PreparedData,
    history: History,
    settings: Trainer,
    insights: Path,
    others: Sequence[lightning.Callback] = (),
    *,
    goes_on: bool,
) -> dict[str, Tensor] | None:
    """Train beside the file of ``history``, from the last checkpoint there if it ``goes_on``.

    A profile is written to the folder ``insights``, where it is asked for. ``others`` see an epoch
    after ``history`` and before it is kept.

    Returns:
        The network's weights of the best epoch; None in all processes but the first.
    """
    place = history.file.parent
    checkpoint = newest_whole(place / CHECKPOINTS) if goes_on else None
    watching = [history, *([Profiling(insights)] if settings.profile else []), *others]
    trainer = make_trainer(settings, place, watching)
    weights = fit(trainer, learner, data, checkpoint)
    return weights if trainer.is_global_zero else None


def fit(
    trainer: lightning.Trainer, learner: Learner, data: PreparedData, checkpoint: Path | None
) -> dict[str, Tensor]:
    """Train, from a ``checkpoint`` if there is one; return the network's weights of the best epoch.

    They are empty without an epoch of finite validation loss, and in all processes but the first.
    """
    trainer.fit(learner, data, ckpt_path=checkpoint, weights_only=True)
    kept = trainer.checkpoint_callback
    if not isinstance(kept, Checkpoints) or not kept.best or not trainer.is_global_zero:
        return {}
    return network_weights(kept.folder / kept.best[0][1])


def find_rate(learner: Learner, data: PreparedData, settings: Trainer, insights: Path) -> None:
    """Say which learning rate a sweep of rates suggests."""
    trainer = make_trainer(settings, insights, [])
    rate = find_learning_rate(trainer, learner, data, insights)
    configured = learner.optimizer_choice.lr
    if trainer.is_global_zero:
        print(
            f"train: suggested optimizer.lr={rate:.2g} (configured: {configured:g}); see "
            f"{os.path.relpath(insights / 'lr_find.png')}"
        )


def network_weights(checkpoint: Path) -> dict[str, Tensor]:
    """Return the weights of the network in a checkpoint, by their names in the network."""
    state: dict[str, Any]
    if checkpoint.is_dir():
        state = consolidated(checkpoint)
    else:
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = "network."
    return {
        name.removeprefix(network): weights
        for name, weights in state["state_dict"].items()
        if name.startswith(network)
    }


class Patience(EarlyStopping):
    """Stops when the validation loss has not fallen for so long, also right after a resume."""

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Stop again: the Trainer does not keep that it was about to."""
        if self.wait_count >= self.patience:
            trainer.should_stop = True


def _strategy(settings: Trainer) -> Any:
    return sharding(settings.world_size) if settings.strategy == "fsdp" else settings.strategy
