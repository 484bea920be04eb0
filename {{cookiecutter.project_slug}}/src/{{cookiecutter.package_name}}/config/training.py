"""The types of the groups `optimizer` and `trainer`: how a network is trained, and on what."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum

from ..runtime.errors import UserError, check, nearest


class Schedule(Enum):
    """How the learning rate moves over the steps of training."""

    constant = "constant"
    cosine = "cosine"


class ClassWeights(Enum):
    """``balanced`` weighs each class by the inverse of its share of the training set."""

    none = "none"
    balanced = "balanced"


@dataclass
class Optimizer:
    """What every optimizer has."""

    _target_: str
    lr: float  # learning rate: the highest, where it has a schedule
    weight_decay: float  # how strongly each step draws the weights towards zero
    schedule: Schedule  # of the rate after the warmup: `constant`, or down to zero as a `cosine`
    warmup: float  # share of all steps in which the rate rises to `lr`

    def __post_init__(self) -> None:
        check(0 < self.lr < math.inf, "optimizer.lr", self.lr, "a number above 0")
        check(self.weight_decay >= 0, "optimizer.weight_decay", self.weight_decay, "0 or more")
        check(0 <= self.warmup < 1, "optimizer.warmup", self.warmup, "a share from 0 to below 1")


@dataclass
class AdamW(Optimizer):
    """Adam with decoupled weight decay."""

    fused: bool  # all weights in one operation, which is faster


@dataclass
class SGD(Optimizer):
    """Stochastic gradient descent with Nesterov's momentum."""

    momentum: float  # share of a step that the next one keeps
    nesterov: bool  # look ahead along the momentum

    def __post_init__(self) -> None:
        super().__post_init__()
        check(0 <= self.momentum < 1, "optimizer.momentum", self.momentum, "0 to below 1")
        possible = self.momentum > 0 or not self.nesterov
        check(possible, "optimizer.nesterov", self.nesterov, "false where momentum is 0")


OPTIMIZERS = {"torch.optim.AdamW": AdamW, "torch.optim.SGD": SGD}


@dataclass(frozen=True)
class Reading:
    """How rows come into batches.

    Args:
        batch_size: rows of a step, of all processes together.
        memory_share: a split that takes more of the machine's memory is read from disk.
        workers: processes that read batches ahead; they change no batch.
    """

    batch_size: int
    memory_share: float
    workers: int = 0


@dataclass
class Checkpoints:
    """What is kept of a training that runs, beside the epochs of lowest validation loss."""

    keep_best: int  # epochs of lowest validation loss whose weights are kept
    minutes: float | None  # between two checkpoints to go on from; null: not by time
    steps: int | None  # batches between two such checkpoints; null: not by their number

    def __post_init__(self) -> None:
        check_counts(self, "trainer.checkpoints", "keep_best", "steps")
        minutes = self.minutes
        check(minutes is None or minutes >= 0, "trainer.checkpoints.minutes", minutes, "0 or more")


@dataclass
class Slurm:
    """What a job asks SLURM for: `uv run submit` writes it into the job's script."""

    time: str  # d-hh:mm:ss or hh:mm:ss
    partition: str | None  # of the cluster; null: its default
    account: str | None  # that pays; null: your default
    cpus: int  # cores of each process
    memory: str | None  # of each node, like 64G; null: the cluster's default
    grace: int  # seconds before the end at which the job is told to write a checkpoint
    setup: str | None  # a line of shell before training: module load cuda

    def __post_init__(self) -> None:
        known = re.fullmatch(r"(\d+-)?\d{1,3}(:\d{2}){1,2}", self.time)
        check(bool(known), "trainer.slurm.time", self.time, "like 04:00:00 or 1-12:00:00")
        check_counts(self, "trainer.slurm", "cpus", "grace")


# Half-precision weights and forked processes are left out: export and history need neither.
KNOWN_TO_TRAINER = {
    "accelerator": ("cpu", "gpu", "cuda", "mps", "auto"),
    "strategy": ("auto", "ddp", "fsdp"),
    "precision": ("32-true", "bf16-mixed", "16-mixed"),
}


@dataclass
class Trainer:
    """What Lightning's Trainer is told, and when to stop."""

    accelerator: str  # cpu, gpu, cuda, mps or auto
    devices: int  # of each node: as many processes
    nodes: int  # machines that train one network together
    strategy: str
    precision: str  # 32-true, bf16-mixed or 16-mixed
    threads: int | None  # of torch on a CPU; null: as many as there are cores
    max_epochs: int  # times that training sees each row, at most
    patience: int  # epochs without a better validation loss, after which it ends
    class_weights: ClassWeights
    gradient_clip: float | None  # longest gradient, as a norm; null: any
    accumulate: int  # batches of one step of the optimizer
    ema: float | None  # decay of a moving average of the weights, which is what is kept; null: none
    compile: bool  # let torch.compile fuse operations
    deterministic: bool  # use no operation that may give other bits the next time
    checkpoints: Checkpoints
    slurm: Slurm | None  # what `submit` asks SLURM for; null: nothing
    fast_dev_run: bool  # one batch of everything, to see that it runs
    overfit_batches: int  # learn only so many batches, again and again; 0: all
    find_lr: bool  # try rising learning rates instead of training
    profile: bool  # measure where the time of a step goes

    def __post_init__(self) -> None:
        for name, known in KNOWN_TO_TRAINER.items():
            value = getattr(self, name)
            if value not in known:
                raise UserError(f"trainer.{name}={value}: unknown. {nearest(value, known)}")
        counts = ("devices", "nodes", "max_epochs", "patience", "threads", "accumulate")
        check_counts(self, "trainer", *counts)
        clip, batches, ema = self.gradient_clip, self.overfit_batches, self.ema
        check(clip is None or clip > 0, "trainer.gradient_clip", clip, "null, or above 0")
        check(batches >= 0, "trainer.overfit_batches", batches, "0 or more")
        check(ema is None or 0 < ema < 1, "trainer.ema", ema, "null, or between 0 and 1")
        sharded = self.strategy == "fsdp"
        check(not (sharded and ema), "trainer.ema", ema, "null where trainer.strategy is fsdp")

    @property
    def world_size(self) -> int:
        """Processes that train one network together."""
        return self.devices * self.nodes


def check_counts(settings: object, group: str, *names: str) -> None:
    """Refuse values that are neither null nor 1 or more."""
    for name in names:
        value = getattr(settings, name)
        check(value is None or value >= 1, f"{group}.{name}", value, "a whole number above 0")


def check_processes(trainer: Trainer, batch_size: int, networks: int) -> None:
    """Refuse several processes for several networks, or for batches too small to share out."""
    processes = trainer.world_size
    alone = processes == 1 or networks == 1
    check(alone, "trainer.devices", trainer.devices, "1 where each fold has a network")
    enough = processes == 1 or batch_size >= 2 * processes
    expected = f"{2 * processes} or more: two rows for each of {processes} processes"
    check(enough, "data.batch_size", batch_size, expected)
