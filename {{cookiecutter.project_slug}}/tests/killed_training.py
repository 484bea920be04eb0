"""Trainings in processes of their own, to disturb at chosen moments and to go on with.

Each is forked from a server that has imported everything, so that it takes about a second.
"""

import hashlib
import os
import sys
from dataclasses import dataclass, field
from multiprocessing import get_context, get_start_method, set_start_method
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

import plain_network
import pytest
import small_data
import torch._dynamo  # what the first optimizer would import
from calling import QUICK
from disturbances import Disturbance, Moments
from lightning.pytorch import Callback, Trainer
from torch.distributed.tensor import DTensor
from torchrun import environments

from {{ cookiecutter.package_name }}.config import Config, typed
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.data import PreparedData
from {{ cookiecutter.package_name }}.runtime.command import guarded
from {{ cookiecutter.package_name }}.runtime.composition import compose, merge_overrides
from {{ cookiecutter.package_name }}.training import checkpoints, fitting, trainer
from {{ cookiecutter.package_name }}.training.history import History

SHORT = ["trainer.max_epochs=4", "data.batch_size=8", "trainer.checkpoints.steps=3"]
ON_CPU = ["trainer=ddp", "trainer.accelerator=cpu", "trainer.precision=32-true"]
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


@dataclass(frozen=True)
class Task:
    """What a process is to train."""

    config: Config
    prepared: Path
    folder: Path
    number: int  # of the process
    disturbed: Disturbance | None  # of the first process
    plain: bool
    environment: dict[str, str]
    start_method: str  # of those that read ahead

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / f"printed-{self.number}"


def training(
    prepared: Path,
    folder: Path,
    *overrides: str,
    disturbed: Disturbance | None = None,
    plain: bool = False,
) -> Ended:
    """Train in ``folder``, where it goes on with what is there, until it ends in whichever way."""
    (ended,) = together(prepared, folder, 1, *overrides, disturbed=disturbed, plain=plain)
    return ended


def together(
    prepared: Path,
    folder: Path,
    processes: int,
    *overrides: str,
    disturbed: Disturbance | None = None,
    plain: bool = False,
) -> list[Ended]:
    """Train in several processes; with the network of the kit, or a ``plain`` one."""
    several = [*ON_CPU, f"trainer.devices={processes}"] if processes > 1 else []
    chosen = [*QUICK, *small_data.OVERRIDES, *SHORT, *several, *overrides]
    config = typed(compose(merge_overrides(chosen, [])))  # the last of each
    if plain:
        plain_network.without_augmentation(config)
    folder.mkdir(exist_ok=True)
    method = get_start_method()
    tasks = [
        Task(config, prepared, folder, number, disturbed, plain, environment, method)
        for number, environment in enumerate(environments(processes))
    ]
    started = [_start(task) for task in tasks]
    return [_end(task, *one) for task, one in zip(tasks, started, strict=True)]


def undisturbed(prepared: Path, folder: Path, *overrides: str) -> Outcome:
    """What a training in ``folder`` makes that ends well, whether it goes on there or begins."""
    ended = training(prepared, folder, *overrides)
    assert ended.outcome is not None, ended.printed
    assert all(line.startswith("train: ") for line in ended.printed.splitlines()), ended.printed
    return ended.outcome


def _start(task: Task) -> tuple[BaseProcess, Connection]:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_guarded, args=(task, sender))
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):  # the server reads it
        process.start()
    sender.close()
    return process, receiver


def _end(task: Task, process: BaseProcess, receiver: Connection) -> Ended:
    process.join(PATIENCE)
    printed = task.log.read_text("utf-8")
    if process.exitcode is None:
        process.kill()
        pytest.fail(f"does not end: {printed}")
    with receiver:
        outcome = receiver.recv() if process.exitcode == 0 else None
    return Ended(process.exitcode, printed, outcome)


def _guarded(task: Task, sender: Connection) -> None:
    set_start_method(task.start_method, force=True)
    # The server that forks has the environment of the test that happened to start it.
    os.environ.update({"HYDRA_FULL_ERROR": "0"} | task.environment)
    with task.log.open("w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    sys.argv = ["train"]
    moments = Moments(None if task.number else task.disturbed)
    guarded(lambda: sender.send(_train(task, moments)), "train")()


def _train(task: Task, moments: Moments) -> Outcome:
    made: list[Trainer] = []
    make_trainer, settings = trainer.make_trainer, task.config.trainer

    def make_watched(settings: Any, scratch: Path, others: list[Callback]) -> Trainer:
        made.append(make_trainer(settings, scratch, [moments, *others]))
        return made[0]

    # Nobody comes after this in the process.
    patch.object(trainer, "make_trainer", make_watched).start()
    for action in (checkpoints.seal, checkpoints.rename, checkpoints.remove):
        patch.object(checkpoints, action.__name__, moments.around(action)).start()
    if task.plain:
        patch.object(fitting, "build", plain_network.build).start()
    history = History(task.folder / "history.csv", settings.max_epochs, None, None)
    of = task.config.data
    reading = Reading(of.batch_size, of.memory_share, of.workers)
    seed = task.config.seed
    data = PreparedData(task.prepared, reading, of.augmentation, fold=None, seed=seed)
    trainer.start(seed, settings.threads)
    learner = fitting.new_learner(data, task.config.model, task.config.optimizer, settings)
    weights = trainer.train_network(
        learner, data, history, settings, task.folder / "insights", goes_on=True
    )
    return Outcome(
        weights=hash_of(weights or {}),
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
        whole = tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
        digest.update(whole.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
