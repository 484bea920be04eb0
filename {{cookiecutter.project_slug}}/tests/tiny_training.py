"""A training of milliseconds, of which a test can make any part slow."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from {{ cookiecutter.package_name }}.insight.noise import quieten
from {{ cookiecutter.package_name }}.training.batches import Batch

ROWS = 8  # of a batch


@dataclass
class Slow:
    """Seconds that are added to a part of each step."""

    data: float = 0.0
    forward: float = 0.0
    backward: float = 0.0
    optimizer: float = 0.0
    callbacks: float = 0.0
    validation: float = 0.0


class Rows(Dataset[Batch]):
    def __init__(self, batches: int, delay: float) -> None:
        generator = torch.Generator().manual_seed(0)
        self.inputs = torch.randn(batches, ROWS, 4, generator=generator)
        self.targets = (self.inputs[..., 0] > 0).long()
        self.delay = delay

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, index: int) -> Batch:
        time.sleep(self.delay)
        targets = self.targets[index]
        return Batch(self.inputs[index], targets, targets, 0)

    def __iter__(self) -> Iterator[Batch]:
        return (self[index] for index in range(len(self)))


class SlowSGD(torch.optim.SGD):
    delay = 0.0

    def step(self, closure: Any = None) -> Any:
        loss = super().step(closure)
        time.sleep(self.delay)
        return loss


class SlowCallback(Callback):
    def __init__(self, delay: float) -> None:
        self.delay = delay

    def on_train_batch_end(self, *_: object, **__: object) -> None:
        time.sleep(self.delay)


class Tiny(LightningModule):
    def __init__(self, slow: Slow, rate: float = 0.01) -> None:
        super().__init__()
        self.slow, self.rate = slow, rate
        torch.manual_seed(0)
        self.network = nn.Linear(4, 2)

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        time.sleep(self.slow.forward)
        loss = functional.cross_entropy(self.network(batch[0]), batch[1])
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=ROWS)
        return loss

    def backward(self, loss: Tensor, *args: Any, **kwargs: Any) -> None:
        time.sleep(self.slow.backward)
        loss.backward()

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        time.sleep(self.slow.validation)
        loss = functional.cross_entropy(self.network(batch[0]), batch[1])
        self.log("val/loss", loss, batch_size=ROWS)

    def configure_optimizers(self) -> Any:
        optimizer = SlowSGD(self.parameters(), self.rate)
        optimizer.delay = self.slow.optimizer
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5**step)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def loader(batches: int, delay: float = 0.0) -> DataLoader[Batch]:
    return DataLoader(Rows(batches, delay), batch_size=None)


def tiny_trainer(folder: Path, callbacks: Sequence[Callback], **settings: Any) -> Trainer:
    quieten()
    chosen: dict[str, Any] = {"max_epochs": 2, "enable_checkpointing": False, **settings}
    return Trainer(
        **chosen,
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        default_root_dir=folder,
        callbacks=list(callbacks),
    )


def fit_tiny(
    folder: Path,
    callbacks: Sequence[Callback],
    slow: Slow | None = None,
    batches: int = 8,
    **settings: Any,
) -> Trainer:
    """Train for two epochs, with ``slow`` parts."""
    slow = slow or Slow()
    trainer = tiny_trainer(folder, [*callbacks, SlowCallback(slow.callbacks)], **settings)
    trainer.fit(Tiny(slow), loader(batches, slow.data), loader(4))
    return trainer
