"""Which rows are in which batch, and which of them a process takes: by seed and epoch alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset, Sampler

BLOCK_BYTES = 1 << 24  # of rows that lie together on disk, and are read together
BLOCKS_AT_ONCE = 8  # mixed with each other, so that a batch does not come from one place
GPU_SHARE = 0.25  # of a GPU's memory that a split may take there


class Share(NamedTuple):
    """The row numbers of one batch that this process takes, and those of all processes."""

    rows: Tensor
    all_rows: Tensor
    key: int  # what everything random in this batch is seeded with


class Batch(NamedTuple):
    """Inputs (rows, ...) and targets (rows,) of this process, and the targets of all processes."""

    inputs: Tensor
    targets: Tensor
    all_targets: Tensor
    key: int


class RowsInBatches(Dataset[Batch]):
    """One split, indexed by a whole batch of rows at a time.

    Inputs of more than ``memory_share`` of the machine's memory stay on disk, mapped into memory;
    others are read at once, and go to the GPU once where they fit.
    """

    def __init__(
        self, inputs: NDArray[np.generic], targets: NDArray[np.generic], memory_share: float
    ) -> None:
        self.on_disk = inputs.nbytes > memory_share * psutil.virtual_memory().total
        self.inputs = inputs if self.on_disk else torch.from_numpy(np.array(inputs))
        self.targets = torch.from_numpy(np.array(targets))
        self.bytes_of_row = inputs[:1].nbytes or 1

    @property
    def rows_of_block(self) -> int | None:
        """Rows that are read together; None where all of them are in memory."""
        return max(1, BLOCK_BYTES // self.bytes_of_row) if self.on_disk else None

    def move_to(self, device: torch.device) -> bool:
        """Keep the rows on a GPU if they take little of its memory; say whether they are there."""
        if self.on_disk or device.type != "cuda":
            return False
        _, total = torch.cuda.mem_get_info(device)
        if self.bytes_of_row * len(self) > GPU_SHARE * total:
            return False
        self.inputs, self.targets = (
            torch.as_tensor(self.inputs, device=device),
            self.targets.to(device),
        )
        return True

    def __getstate__(self) -> dict[str, Any]:
        """Go to a process that reads ahead: rows on disk as their file, and not all its content.

        macOS and Windows start such a process anew, and pickle would read the whole file.
        """
        file = getattr(self.inputs, "filename", None)
        whole = file is not None and np.load(file, mmap_mode="r").shape == self.inputs.shape
        return self.__dict__ | ({"inputs": Path(file)} if whole else {})

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if isinstance(self.inputs, Path):
            self.inputs = np.load(self.inputs, mmap_mode="r")

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, index: Share) -> Batch:
        if isinstance(self.inputs, Tensor):
            inputs = self.inputs[index.rows]
        else:
            inputs = torch.from_numpy(self.inputs[index.rows.numpy()])
        targets = self.targets[index.rows]
        alone = index.all_rows is index.rows
        return Batch(inputs, targets, targets if alone else self.targets[index.all_rows], index.key)


class Batches(Sampler[Share]):
    """Row numbers in batches; their order follows from (seed, epoch) alone, so it can be repeated.

    Several processes take their shares of the same batches: how many there are changes nothing.

    Args:
        rows: how many there are.
        batch_size: rows of a batch of all processes; the last may be smaller.
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
        self.epoch, self.first, self.rank, self.world_size = 0, 0, 0, 1
        self.device = torch.device("cpu")  # where the rows are

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning at the start of each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        rest = self.rows % self.batch_size
        joined = self.seed is not None and 0 < rest < self._fewest and rest < self.rows
        return -(-self.rows // self.batch_size) - joined

    @property
    def _fewest(self) -> int:
        return 2 * self.world_size  # batch normalisation needs two rows in each process

    def __iter__(self) -> Iterator[Share]:
        """Yield the batches from the number ``first`` on, which an interrupted epoch had got to."""
        order, first = self._order().to(self.device), self.first
        self.first = 0
        for number in range(first, len(self)):
            end = (number + 1) * self.batch_size if number + 1 < len(self) else self.rows
            rows = order[number * self.batch_size : end]
            own = rows[self.rank :: self.world_size] if self.world_size > 1 else rows
            yield Share(own, rows, self._key(number))

    def _key(self, number: int) -> int:
        place = f"{self.seed} {self.epoch} {number} {self.rank}".encode()
        return int.from_bytes(hashlib.blake2b(place, digest_size=8).digest(), "little")

    def _order(self) -> Tensor:
        rows = torch.arange(self.rows)
        if self.seed is None:
            return rows
        epoch = self.epoch if self.reshuffle else 0
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
        if self.block is None:
            return torch.randperm(self.rows, generator=generator)
        blocks = rows.split(self.block)
        order = torch.randperm(len(blocks), generator=generator)
        mixed: list[Tensor] = []
        for some in order.split(BLOCKS_AT_ONCE):
            near = torch.cat([blocks[number] for number in some.tolist()])
            mixed.append(near[torch.randperm(len(near), generator=generator)])
        return torch.cat(mixed)
