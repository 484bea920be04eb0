"""Checkpoints: the best epochs, and the last state to go on from; whole ones or none."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint

from ..config.training import Checkpoints as Settings
from ..runtime.errors import UserError
from ..runtime.files import remove
from .sharding import without_weights
from .stopping import Stop
from .wholeness import is_whole, reason_of_the_system, rename, seal

BEST, LAST, SUFFIX = "best", "last", ".ckpt"
BATCHES_BETWEEN_QUESTIONS = 10  # of several processes to each other: is a checkpoint due?
NOT_DUE, DUE, STOP = 0, 1, 2


class Checkpoints(Checkpoint):
    """Keep the epochs of lowest validation loss, and a state that is not older than it may be.

    best-STEP.ckpt is the end of an epoch, last-STEP.ckpt any other moment; each holds the whole
    state of training. A new one is written beside the old ones and gets its name when whole. Only
    then are those deleted that neither it nor the one before it needs.

    Args:
        folder: where they lie.
        settings: how many, and how often.
        stop: what has been told to this process meanwhile.
    """

    def __init__(self, folder: Path, settings: Settings, stop: Stop) -> None:
        self.folder, self.settings, self.stop = folder, settings, stop
        self.best: list[tuple[float, str]] = []  # validation loss and name, the lowest first
        self._needed_before: set[str] = set()
        self._saved_at, self._batches = time.monotonic(), 0

    def state_dict(self) -> dict[str, Any]:
        """Return what the best epochs are."""
        return {"best": [list(entry) for entry in self.best]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with them."""
        self.best = [(loss, name) for loss, name in state_dict["best"]]
        self._needed_before = {name for _, name in self.best}

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Forget what lies after the step that training begins with, and listen to signals."""
        self.stop.catch()  # now: Lightning has just set handlers of its own
        if trainer.is_global_zero:
            self.folder.mkdir(parents=True, exist_ok=True)
            for file in self.folder.iterdir():
                if (
                    file.suffix != SUFFIX
                    or _step(file) > trainer.global_step
                    or not trainer.global_step
                ):
                    remove(file)
        self._saved_at = time.monotonic()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Save where gradients have been used up, but not before validation: it would be skipped.

        Who is killed in validation goes on from before, and validates again.
        """
        self._batches += 1
        steps, between = divmod(batch_idx + 1, trainer.accumulate_grad_batches)
        if between or batch_idx + 1 >= trainer.num_training_batches:
            return
        if steps % self._steps_between_questions(trainer):
            return
        answer = self._asks(trainer)
        if answer > NOT_DUE:
            self._save(trainer, LAST)
        if answer == STOP:
            self.stop.leave(trainer.global_step)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save an epoch that is among the best, and others when it is time."""
        loss = float(trainer.callback_metrics["val/loss"])
        if trainer.world_size > 1:  # on different devices it differs, and all must decide the same
            loss = trainer.strategy.broadcast(loss)
        kept, answer = self.settings.keep_best, self._asks(trainer)
        if math.isfinite(loss) and (len(self.best) < kept or loss < self.best[-1][0]):
            self.best = sorted([*self.best, (loss, _name(BEST, trainer.global_step))])[:kept]
            self._save(trainer, BEST)
        elif answer > NOT_DUE:
            self._save(trainer, LAST)
        if answer == STOP:
            self.stop.leave(trainer.global_step)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Give the signals back: now, before Lightning gives back those that it had taken itself.

        After an error it gives back all of them.
        """
        self.stop.release()

    @staticmethod
    def _steps_between_questions(trainer: Trainer) -> int:
        """How often processes ask each other: in a short epoch too, and not at each step."""
        if trainer.world_size == 1:
            return 1
        batches = min(BATCHES_BETWEEN_QUESTIONS, int(trainer.num_training_batches) // 2)
        return max(1, batches // trainer.accumulate_grad_batches)

    def _asks(self, trainer: Trainer) -> int:
        """Whether any process finds that a checkpoint is due, or was told to stop."""
        minutes, steps = self.settings.minutes, self.settings.steps
        late = minutes is not None and time.monotonic() - self._saved_at >= 60 * minutes
        answer = DUE if late or (steps is not None and self._batches >= steps) else NOT_DUE
        answer = STOP if self.stop.received else answer
        if trainer.world_size == 1:
            return answer
        asked = torch.tensor(answer, device=trainer.strategy.root_device)
        return int(trainer.strategy.reduce(asked, reduce_op="max"))

    def _save(self, trainer: Trainer, kind: str) -> None:
        name = _name(kind, trainer.global_step)
        partial = self.folder / f"{name}.partial"
        try:
            trainer.save_checkpoint(partial)  # in every process
            if trainer.is_global_zero:
                seal(partial)
                rename(partial, self.folder / name)
        except BaseException as error:
            reason = reason_of_the_system(error)
            if reason is None:
                raise
            remove(partial)
            kept = ", ".join(sorted(file.name for file in candidates(self.folder))) or "none"
            raise UserError(
                f"{self.folder / name}: could not be written ({reason}). Whole "
                f"checkpoints before it: {kept}. Once there is room, training goes on from them."
            ) from error
        needed = {name for _, name in self.best}
        if trainer.is_global_zero:
            newest = {file.name for file in candidates(self.folder)[:2]}
            for file in candidates(self.folder):
                if file.name not in newest | needed | self._needed_before:
                    remove(file)
        self._needed_before = needed
        self._saved_at, self._batches = time.monotonic(), 0


def candidates(folder: Path) -> list[Path]:
    """Return the checkpoints in ``folder``, the newest first."""
    return sorted(folder.glob(f"*-*{SUFFIX}"), key=lambda f: (_step(f), f.name[:4] == BEST))[::-1]


def newest_whole(folder: Path) -> Path | None:
    """Return the newest checkpoint that can be gone on from; damaged ones are told."""
    for file in candidates(folder):
        damaged = [name for name in [file.name, *_best_of(file)] if not is_whole(folder / name)]
        if not damaged:
            return file
        print(f"train: {folder / damaged[0]} is damaged; trying the checkpoint before it")
    return None


def _best_of(file: Path) -> list[str]:
    if not is_whole(file):
        return []
    state: Mapping[str, Any]
    if file.is_dir():
        state = without_weights(file)
    else:
        state = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    return [name for _, name in state["callbacks"][Checkpoints.__qualname__]["best"]]


def _name(kind: str, step: int) -> str:
    return f"{kind}-{step:08d}{SUFFIX}"


def _step(file: Path) -> int:
    return int(file.stem.partition("-")[2])
