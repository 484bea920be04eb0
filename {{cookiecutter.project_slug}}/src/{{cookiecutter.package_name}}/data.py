"""The prepared data as batches: shuffled by (seed, epoch), in blocks where memory is short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import torch
from lightning.pytorch import LightningDataModule
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from .arrays import load_split
from .augmentation import augment
from .config_kit import Augmentation
from .schema import Manifest

Batch = tuple[Tensor, Tensor]  # inputs (batch, ...), targets (batch,)
BLOCK_BYTES = 1 << 24  # of rows that lie together on disk, and are read together
BLOCKS_AT_ONCE = 8  # mixed with each other, so that a batch does not come from one place


class RowsInBatches(Dataset[Batch]):
    """One split, indexed by a whole batch of rows at a time.

    Inputs of more than ``memory_share`` of the machine's memory stay on disk, mapped into memory;
    others are read at once.
    """

    def __init__(
        self, inputs: NDArray[np.generic], targets: NDArray[np.generic], memory_share: float
    ) -> None:
        self.on_disk = inputs.nbytes > memory_share * psutil.virtual_memory().total
        self.inputs = inputs if self.on_disk else np.array(inputs)
        self.targets = targets

    @property
    def rows_of_block(self) -> int | None:
        """Rows that are read together; None where all of them are in memory."""
        if not self.on_disk:
            return None
        return max(1, BLOCK_BYTES // (self.inputs[:1].nbytes or 1))

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, index: list[int]) -> Batch:
        return torch.from_numpy(self.inputs[index]), torch.from_numpy(self.targets[index])


class Batches(Sampler[list[int]]):
    """Row numbers in batches; their order follows from (seed, epoch) alone, so it can be repeated.

    With several processes each takes every ``world_size``-th batch, the same number of them.

    Args:
        rows: how many there are.
        batch_size: rows of a batch; the last may be smaller.
        seed: of the shuffling; None keeps the order of the rows.
        reshuffle: False repeats the first epoch's order in every epoch.
        block: rows that lie together on disk: blocks come in random order, and rows are mixed
            within a few of them. None mixes all rows.
    """

    def __init__(
        self,
        rows: int,
        batch_size: int,
        seed: int | None = None,
        *,
        reshuffle: bool = True,
        block: int | None = None,
    ) -> None:
        self.rows, self.batch_size, self.seed = rows, batch_size, seed
        self.reshuffle, self.block = reshuffle, block
        self.epoch, self.rank, self.world_size = 0, 0, 1

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning at the start of each epoch."""
        self.epoch = epoch if self.reshuffle else 0

    def __len__(self) -> int:
        alone = self.seed is not None and self.rows % self.batch_size == 1 < self.rows
        batches = -(-self.rows // self.batch_size) - (alone and self.batch_size > 1)
        return max(1, batches // self.world_size)

    def __iter__(self) -> Iterator[list[int]]:
        batches = list(self._order().split(self.batch_size))
        if self.seed is not None and len(batches) > 1 and len(batches[-1]) == 1:
            batches[-2:] = [torch.cat(batches[-2:])]  # batch normalisation needs two rows
        for number in range(len(self)):
            yield batches[(number * self.world_size + self.rank) % len(batches)].tolist()

    def _order(self) -> Tensor:
        rows = torch.arange(self.rows)
        if self.seed is None:
            return rows
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch)
        if self.block is None:
            return torch.randperm(self.rows, generator=generator)
        blocks = rows.split(self.block)
        order = torch.randperm(len(blocks), generator=generator)
        mixed: list[Tensor] = []
        for some in order.split(BLOCKS_AT_ONCE):
            near = torch.cat([blocks[number] for number in some.tolist()])
            mixed.append(near[torch.randperm(len(near), generator=generator)])
        return torch.cat(mixed)


class PreparedData(LightningDataModule):
    """Batches of data/prepared for Lightning's Trainer.

    Args:
        folder: data/prepared.
        fold: the one whose rows are not trained on; None trains the network to release.
        batch_size: rows of a step.
        augmentation: the largest random change of each kind.
        memory_share: a split that takes more of the memory is read from disk.
        seed: of the shuffling.
        reshuffle: False repeats the first epoch's order in every epoch.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fold: int | None,
        batch_size: int,
        augmentation: Augmentation,
        memory_share: float,
        seed: int,
        reshuffle: bool = True,
    ) -> None:
        super().__init__()
        self.fold, self.batch_size, self.seed = fold, batch_size, seed
        self.augmentation, self.reshuffle = augmentation, reshuffle
        self.manifest = Manifest.load(folder)
        train, val = (load_split(folder, split, fold) for split in ("train", "val"))
        self.targets = train.targets
        self.train = RowsInBatches(train.inputs, train.targets, memory_share)
        self.val = RowsInBatches(val.inputs, val.targets, memory_share)

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled, and shared out among the processes."""
        batches = Batches(
            len(self.train),
            self.batch_size,
            self.seed,
            reshuffle=self.reshuffle,
            block=self.train.rows_of_block,
        )
        if self.trainer is not None:
            batches.rank, batches.world_size = self.trainer.global_rank, self.trainer.world_size
        return DataLoader(self.train, sampler=batches, batch_size=None)

    def val_dataloader(self) -> DataLoader[Batch]:
        """In order, and whole in every process, so that each knows the metrics on its own."""
        batches = Batches(len(self.val), self.batch_size)
        return DataLoader(self.val, sampler=batches, batch_size=None)

    def on_after_batch_transfer(self, batch: Batch, dataloader_idx: int) -> Batch:
        """Augment training batches where they are trained on."""
        inputs, targets = batch
        if self.trainer is not None and self.trainer.training:
            inputs = augment(inputs, self.augmentation)
        return inputs, targets
