"""How long each part of a training takes, by the actions that Lightning tells its profiler."""

from __future__ import annotations

import time
from collections import defaultdict
from enum import Enum
from typing import Any, cast

import torch
from lightning.pytorch import Trainer
from lightning.pytorch.profilers import Profiler
from torch.profiler import record_function


class Part(Enum):
    """What time is spent on."""

    data = "waiting for data"
    transfer = "to the device"
    augmentation = "augmentation"
    forward = "forward, loss"
    backward = "backward"
    optimizer = "optimizer, schedule"
    rest = "callbacks, logging"
    validation = "validation"
    checkpoints = "checkpoints"


# The last word of an action -> the part that it is. Other actions belong to the one around them.
PART_OF = {
    "train_dataloader_next": Part.data,
    "batch_to_device": Part.transfer,
    "on_after_batch_transfer": Part.augmentation,
    "training_step": Part.forward,
    "backward": Part.backward,
    "optimizer_step": Part.optimizer,
    "lr_scheduler_step": Part.optimizer,
    "save_checkpoint": Part.checkpoints,
}


def listener(trainer: Trainer) -> Profiler:
    """Return what ``trainer`` tells its actions."""
    return cast(Any, trainer).profiler


def listen(trainer: Trainer, profiler: Profiler) -> None:
    """Have ``trainer`` tell its actions to ``profiler``."""
    cast(Any, trainer).profiler = profiler


class DataWait(Profiler):
    """Only how long training waited for data, in seconds: cheap enough to be always there."""

    waited = 0.0
    _since = 0.0

    def start(self, action_name: str) -> None:
        """Called by Lightning as an action begins."""
        if action_name.endswith("train_dataloader_next"):
            self._since = time.perf_counter()

    def stop(self, action_name: str) -> None:
        """Called by Lightning as an action ends."""
        if action_name.endswith("train_dataloader_next"):
            self.waited += time.perf_counter() - self._since


class StepTimes(Profiler):
    """Share out all of the time between ``begin`` and ``end`` among the parts, in ``seconds``.

    At each change from one part to another the time since the last change goes to the part that
    ends: the parts add up to the whole. ``device`` is waited for at each change, because a GPU
    works behind Python's back. While ``marking``, the parts are named in torch's trace.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds: defaultdict[Part, float] = defaultdict(float)
        self.device = torch.device("cpu")
        self.running = self.marking = False
        self._since = 0.0
        self._around = Part.rest  # the part of an action that has none
        self._open: list[tuple[Part | None, record_function | None]] = []

    def begin(self) -> None:
        """Forget what was measured, and start the clock."""
        self.seconds.clear()
        self._wait_for_device()
        self.running, self._since = True, time.perf_counter()

    def end(self) -> None:
        """Stop the clock."""
        self._charge(self._current)
        self.running = False

    def start(self, action_name: str) -> None:
        """Called by Lightning as an action begins."""
        action = action_name.rpartition(".")[2]
        if action == "run_training_epoch":  # its first work is to start the loader's processes
            self._move_around(Part.data)
        elif action == "on_validation_model_eval":
            self._move_around(Part.validation)
        before, part = self._current, self._part_of(action_name, action)
        mark: record_function | None = None
        if part is not None and part is not before:
            self._charge(before)
            if self.marking:
                mark = record_function(part.value)
                mark.__enter__()
        self._open.append((part, mark))

    def stop(self, action_name: str) -> None:
        """Called by Lightning as an action ends."""
        if not self._open:  # it began before this profiler was put in place
            return
        ended, (_, mark) = self._current, self._open.pop()
        if mark:
            mark.__exit__(None, None, None)
        if ended is not self._current:
            self._charge(ended)
        if action_name.endswith((".train_dataloader_next", "Strategy.on_validation_end")):
            self._move_around(Part.rest)

    @property
    def _current(self) -> Part:
        return (self._open[-1][0] if self._open else None) or self._around

    def _part_of(self, action_name: str, action: str) -> Part | None:
        if self._around is Part.validation:
            return Part.checkpoints if action == "save_checkpoint" else Part.validation
        if action_name.startswith("[Callback]"):
            return Part.rest
        return PART_OF.get(action, self._open[-1][0] if self._open else None)

    def _move_around(self, part: Part) -> None:
        self._charge(self._current)
        self._around = part

    def _charge(self, part: Part) -> None:
        if not self.running:
            return
        self._wait_for_device()
        now = time.perf_counter()
        self.seconds[part] += now - self._since
        self._since = now

    def _wait_for_device(self) -> None:
        if self.device.type != "cpu":
            torch.accelerator.synchronize(self.device)
