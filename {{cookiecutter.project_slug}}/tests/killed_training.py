"""Trainings in processes of their own, to disturb at chosen moments and to go on with.

Each is forked from a server that has imported everything, so that it takes about a second.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context, get_start_method, set_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import small_data
import torch._dynamo  # what the first optimizer would import
from calling import QUICK
from disturbances import Disturbance, Moments
from lightning.pytorch import Callback, Trainer

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.config import Config, typed
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.data import PreparedData
from {{ cookiecutter.package_name }}.runtime.command import guarded
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.training import checkpoints, trainer
from {{ cookiecutter.package_name }}.training.history import History

SHORT = ["trainer.max_epochs=4", "data.batch_size=8", "trainer.checkpoints.steps=3"]
PATIENCE = 120  # seconds for one training, on a busy machine


@dataclass(frozen=True)
class Outcome:
    """What a training has made; two are equal when every byte of it is."""

    weights: str  # a hash of those of the best epoch
    last_weights: str
    history: str
    best_epoch: int
    steps: int
    moments: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, or minus the signal that killed it."""

    code: int
    printed: str
    outcome: Outcome | None


def training(
    prepared: Path, folder: Path, *overrides: str, disturbed: Disturbance | None = None
) -> Ended:
    """Train in ``folder``, where it goes on with what is there, until it ends in whichever way."""
    config = typed(compose([*QUICK, *small_data.OVERRIDES, *SHORT, *overrides]))
    folder.mkdir(exist_ok=True)
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    log = folder / "printed"
    arguments = (config, prepared, folder, disturbed, log, sender, get_start_method())
    process = context.Process(target=_guarded, args=arguments)
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):  # the server reads it
        process.start()
    sender.close()
    process.join(PATIENCE)
    assert process.exitcode is not None, log.read_text("utf-8")
    with receiver:
        whole = process.exitcode == 0
        outcome = receiver.recv() if whole else None
    return Ended(process.exitcode, log.read_text("utf-8"), outcome)


def undisturbed(prepared: Path, folder: Path, *overrides: str) -> Outcome:
    """What a training in ``folder`` makes that ends well, whether it goes on there or begins."""
    ended = training(prepared, folder, *overrides)
    assert ended.outcome is not None, ended.printed
    return ended.outcome


def _guarded(
    config: Config,
    prepared: Path,
    folder: Path,
    disturbed: Disturbance | None,
    log: Path,
    sender: Connection,
    start_method: str,
) -> None:
    set_start_method(start_method, force=True)  # of those that read ahead, as usual
    with log.open("w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    sys.argv = ["train"]
    guarded(lambda: sender.send(_train(config, prepared, folder, Moments(disturbed))), "train")()


def _train(config: Config, prepared: Path, folder: Path, moments: Moments) -> Outcome:
    made: list[Trainer] = []
    make_trainer = trainer.make_trainer

    def make_watched(settings: Any, scratch: Path, others: Sequence[Callback]) -> Trainer:
        made.append(make_trainer(settings, scratch, [moments, *others]))
        return made[0]

    trainer.make_trainer = make_watched  # nobody comes after this in the process
    for action in (checkpoints.seal, checkpoints.rename, checkpoints.remove):
        setattr(checkpoints, action.__name__, moments.around(action))
    history = History(folder / "history.csv", config.trainer.max_epochs, None, None)
    of = config.data
    reading = Reading(of.batch_size, of.memory_share, of.workers)
    data = PreparedData(prepared, reading, of.augmentation, fold=None, seed=config.seed)
    trainer.start(config.seed, config.trainer.threads)
    learner = train.new_learner(data, config.model, config.optimizer, config.trainer)
    weights = trainer.train_network(
        learner, data, history, config.trainer, folder / "insights", goes_on=True
    )
    assert weights is not None
    return Outcome(
        weights=hash_of(weights),
        last_weights=hash_of(learner.state_dict()),
        history=history.file.read_text("utf-8"),
        best_epoch=history.best_epoch,
        steps=made[0].global_step,
        moments=tuple(moments.seen),
    )


def hash_of(weights: dict[str, torch.Tensor]) -> str:
    """A hash of every byte and name."""
    digest = hashlib.sha256()
    for name, tensor in weights.items():
        digest.update(f"{name} {tensor.dtype} {list(tensor.shape)}\n".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
