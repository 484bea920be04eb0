"""The prepared images as batches: shuffled by (seed, epoch), augmented where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, Sampler

from .config_kit import Augmentation
from .schema import Manifest

Batch = tuple[
    Tensor, Tensor
]  # uint8 images (batch, height, width, channels), int64 labels (batch,)


class PreparedImages(Dataset[Batch]):
    """One split, mapped into memory; indexed by a whole batch of rows at a time."""

    def __init__(self, folder: Path) -> None:
        self.images = np.load(folder / "images.npy", mmap_mode="r")
        self.labels = np.load(folder / "labels.npy")

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: list[int]) -> Batch:
        return torch.from_numpy(self.images[index]), torch.from_numpy(self.labels[index])


class Batches(Sampler[list[int]]):
    """Row numbers in batches; their order follows from (seed, epoch) alone, so it can be repeated.

    With several processes each takes every ``world_size``-th batch, the same number of them.

    Args:
        rows: how many there are.
        batch_size: rows of a batch; the last may be smaller.
        seed: of the shuffling; None keeps the order of the rows.
        reshuffle: False repeats the first epoch's order in every epoch.
    """

    def __init__(
        self, rows: int, batch_size: int, seed: int | None = None, *, reshuffle: bool = True
    ) -> None:
        self.rows, self.batch_size, self.seed, self.reshuffle = rows, batch_size, seed, reshuffle
        self.epoch, self.rank, self.world_size = 0, 0, 1

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning at the start of each epoch."""
        self.epoch = epoch if self.reshuffle else 0

    def __len__(self) -> int:
        alone = self.seed is not None and self.rows % self.batch_size == 1 < self.rows
        batches = -(-self.rows // self.batch_size) - (alone and self.batch_size > 1)
        return max(1, batches // self.world_size)

    def __iter__(self) -> Iterator[list[int]]:
        if self.seed is None:
            order = torch.arange(self.rows)
        else:
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch)
            order = torch.randperm(self.rows, generator=generator)
        batches = list(order.split(self.batch_size))
        if self.seed is not None and len(batches) > 1 and len(batches[-1]) == 1:
            batches[-2:] = [torch.cat(batches[-2:])]  # batch normalisation needs two rows
        for number in range(len(self)):
            yield batches[(number * self.world_size + self.rank) % len(batches)].tolist()


class PreparedData(LightningDataModule):
    """Batches of data/prepared for Lightning's Trainer. Arguments as for ``Batches``."""

    def __init__(
        self,
        folder: Path,
        *,
        batch_size: int,
        augmentation: Augmentation,
        seed: int,
        reshuffle: bool = True,
    ) -> None:
        super().__init__()
        self.folder, self.batch_size, self.seed = folder, batch_size, seed
        self.augmentation, self.reshuffle = augmentation, reshuffle
        self.manifest = Manifest.load(folder)

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled, and shared out among the processes."""
        dataset = PreparedImages(self.folder / "train")
        batches = Batches(len(dataset), self.batch_size, self.seed, reshuffle=self.reshuffle)
        if self.trainer is not None:
            batches.rank, batches.world_size = self.trainer.global_rank, self.trainer.world_size
        return DataLoader(dataset, sampler=batches, batch_size=None)

    def val_dataloader(self) -> DataLoader[Batch]:
        """In order, and whole in every process, so that each knows the metrics on its own."""
        dataset = PreparedImages(self.folder / "val")
        return DataLoader(dataset, sampler=Batches(len(dataset), self.batch_size), batch_size=None)

    def on_after_batch_transfer(self, batch: Batch, dataloader_idx: int) -> tuple[Tensor, Tensor]:
        """Augment training batches where they are trained on."""
        images, labels = batch
        if self.trainer is not None and self.trainer.training:
            images = augment(images, self.augmentation)
        return images, labels


def augment(images: Tensor, limits: Augmentation) -> Tensor:
    """Shift, rotate, scale, flip and brighten each image by random amounts of its own.

    Args:
        images: uint8 (batch, height, width, channels).
        limits: the largest change of each kind.

    Returns:
        float32 of the same shape, in 0..255; what comes in from outside is 0.
    """
    batch, device = len(images), images.device
    pixels = images.permute(0, 3, 1, 2).float()

    def uniform(limit: float) -> Tensor:
        return (torch.rand(batch, device=device) * 2 - 1) * limit

    if limits.shift or limits.rotate or limits.scale or limits.flip:
        angle, zoom = torch.deg2rad(uniform(limits.rotate)), 1 + uniform(limits.scale)
        mirror = 1 - 2 * (torch.rand(batch, device=device) < 0.5 * limits.flip).float()
        cos, sin = zoom * torch.cos(angle), zoom * torch.sin(angle)
        rows = [
            mirror * cos,
            -sin,
            uniform(2 * limits.shift),
            mirror * sin,
            cos,
            uniform(2 * limits.shift),
        ]
        transform = torch.stack(rows, dim=1).view(batch, 2, 3)
        grid = functional.affine_grid(transform, list(pixels.shape), align_corners=False)
        pixels = functional.grid_sample(pixels, grid, align_corners=False)
    if limits.brightness:
        pixels = (pixels + 255 * uniform(limits.brightness).view(-1, 1, 1, 1)).clamp(0, 255)
    return pixels.permute(0, 2, 3, 1)
