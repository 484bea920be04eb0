"""The prepared data as batches for Lightning's Trainer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch.utils.data import DataLoader

from .arrays import load_split
from .augmentation import augment
from .config.kit import Augmentation
from .config.training import Reading
from .runtime.processes import ignore_signals
from .schema import Manifest
from .training.batches import Batch, Batches, RowsInBatches

ROWS_UNTRAINED, VALUES_UNTRAINED = 4096, 2**22  # of a batch that is only predicted


def leave_signals(_worker: int) -> None:
    """Leave signals to the training, but for SIGTERM, by which it may end a process that reads."""
    ignore_signals("SIGINT", "SIGUSR1")


class PreparedData(LightningDataModule):
    """Batches of data/prepared for Lightning's Trainer.

    Args:
        folder: data/prepared.
        reading: how rows come into batches.
        augmentation: the largest random change of each kind.
        fold: the one whose rows are not trained on; None trains the network to release.
        seed: of the shuffling, and of what is random in each batch.
        reshuffle: False repeats the first epoch's order in every epoch.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        augmentation: Augmentation,
        *,
        fold: int | None,
        seed: int,
        reshuffle: bool = True,
    ) -> None:
        super().__init__()
        self.reading, self.augmentation = reading, augmentation
        self.fold, self.seed, self.reshuffle = fold, seed, reshuffle
        self.manifest = Manifest.load(folder)
        train, val = (load_split(folder, split, fold) for split in ("train", "val"))
        self.targets = train.targets
        self.train = RowsInBatches(train.inputs, train.targets, reading.memory_share)
        self.val = RowsInBatches(val.inputs, val.targets, reading.memory_share)
        self.epoch, self.first, self.block = 0, 0, self.train.rows_of_block
        self._batches: Batches | None = None

    def state_dict(self) -> dict[str, Any]:
        """Return the epoch and the batch that training has come to, for a checkpoint."""
        trainer = self.trainer
        if trainer is None:
            return {"epoch": 0, "first": 0, "block": self.block}
        done = trainer.fit_loop.epoch_loop.batch_progress.current.ready
        ended = done >= trainer.num_training_batches
        place = {"epoch": trainer.current_epoch + ended, "first": 0 if ended else done}
        return {**place, "block": self.block}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there, in the same order: also where more or fewer rows fit into memory."""
        self.epoch, self.first = state_dict["epoch"], state_dict["first"]
        self.block = state_dict["block"]
        if self._batches is not None:  # strategies that shard ask for them before
            self._batches.epoch, self._batches.first = self.epoch, self.first
            self._batches.block = self.block

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled, and shared out among the processes."""
        trainer = self.trainer
        if trainer is not None and trainer.world_size > 1:  # machines may differ in their memory
            self.block = trainer.strategy.broadcast(self.block)
        batches = Batches(
            len(self.train),
            self.reading.batch_size,
            self.seed,
            reshuffle=self.reshuffle,
            block=self.block,
        )
        batches.epoch, batches.first = self.epoch, self.first
        if trainer is not None:
            batches.rank, batches.world_size = trainer.global_rank, trainer.world_size
        self._batches = batches
        return self._loader(self.train, batches)

    def val_dataloader(self) -> DataLoader[Batch]:
        """In order, and whole in every process, so that each knows the metrics on its own."""
        values = int(np.prod(self.val.inputs.shape[1:]))
        rows = min(ROWS_UNTRAINED, VALUES_UNTRAINED // max(1, values))
        return self._loader(self.val, Batches(len(self.val), max(self.reading.batch_size, rows)))

    def _loader(self, rows: RowsInBatches, batches: Batches) -> DataLoader[Batch]:
        gpu, moved = False, False
        if self.trainer is not None:
            device = self.trainer.strategy.root_device
            gpu, moved = device.type == "cuda", rows.move_to(device)
            batches.device = device if moved else batches.device
        workers = 0 if moved else self.reading.workers  # there is nothing to read ahead
        return DataLoader(
            rows,
            sampler=batches,
            batch_size=None,
            num_workers=workers,
            persistent_workers=workers > 0,
            pin_memory=gpu and not moved,
            worker_init_fn=leave_signals,
        )

    def on_after_batch_transfer(self, batch: Batch, dataloader_idx: int) -> Batch:
        """Seed what is random in this step, and augment training batches where they are used."""
        if self.trainer is None or not self.trainer.training:
            return batch
        torch.manual_seed(batch.key)
        return batch._replace(inputs=augment(batch.inputs, self.augmentation))
