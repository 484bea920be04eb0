"""How a network learns: the loss and its weights, the optimizer and its schedule."""

from __future__ import annotations

import math
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.nn import functional
from torchmetrics.classification import MulticlassAccuracy

from .config import ClassWeights, Optimizer, Schedule
from .runtime.instantiation import instantiate

Batch = tuple[Tensor, Tensor]  # inputs (batch, ...), int64 class numbers (batch,)


class Learner(LightningModule):
    """Train a classifier by cross-entropy.

    Args:
        classifier: maps inputs (batch, ...) to logits (batch, classes).
        optimizer: the group ``optimizer`` of the configuration.
        class_counts: training rows of each class.
        class_weights: how the loss weighs the classes.
    """

    def __init__(
        self,
        classifier: nn.Module,
        optimizer: Optimizer,
        class_counts: list[int],
        class_weights: ClassWeights,
    ) -> None:
        super().__init__()
        self.classifier, self.optimizer_choice = classifier, optimizer
        weights = None
        if class_weights is ClassWeights.balanced:
            counts = torch.tensor(class_counts, dtype=torch.float32)
            weights = counts.sum() / (len(counts) * counts)
        self.register_buffer("class_weights", weights, persistent=False)
        self.accuracy = MulticlassAccuracy(len(class_counts), average="micro")

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """Return the loss of one batch."""
        inputs, targets = batch
        logits = self.classifier(inputs)
        loss = functional.cross_entropy(logits, targets, weight=self.class_weights)
        rows = len(targets)
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=rows, sync_dist=True)
        return loss

    def validation_step(self, batch: Batch, _: int) -> None:
        """Add one batch to the epoch's validation loss and accuracy."""
        inputs, targets = batch
        logits = self.classifier(inputs)
        self.accuracy.update(logits, targets)
        loss = functional.cross_entropy(logits, targets, weight=self.class_weights)
        self.log("val/loss", loss, batch_size=len(targets))
        self.log("val/accuracy", self.accuracy)

    def configure_optimizers(self) -> Any:
        """Build the optimizer, with a learning rate that moves every step."""
        choice = self.optimizer_choice
        parameters = self.classifier.parameters()
        optimizer = instantiate(choice, parameters, without=("schedule", "warmup"))
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: rate_at(step, steps, choice)
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def rate_at(step: int, steps: int, choice: Optimizer) -> float:
    """Return the learning rate at ``step`` as a share of its maximum."""
    warmup = round(choice.warmup * steps)
    if step < warmup:
        return (step + 1) / warmup
    if choice.schedule is Schedule.constant:
        return 1.0
    done = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
