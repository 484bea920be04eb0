"""How a network learns: the loss and its weights, the optimizer and its schedule."""

from __future__ import annotations

import math
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.nn import functional
from torchmetrics import MeanMetric
from torchmetrics.classification import MulticlassAccuracy

from .choices.instantiation import instantiate
from .config import ClassWeights, Optimizer, Schedule

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
        counts = torch.tensor(class_counts, dtype=torch.float32)
        balanced = class_weights is ClassWeights.balanced
        weights = counts.sum() / (len(counts) * counts) if balanced else torch.ones_like(counts)
        self.register_buffer("class_weights", weights, persistent=False)
        self.accuracy = MulticlassAccuracy(len(class_counts), average="micro")
        self.loss = MeanMetric(nan_strategy=math.inf)  # a loss that is no number must be seen

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the loss of one batch."""
        inputs, targets = batch
        logits = self.classifier(inputs)
        loss = functional.cross_entropy(logits, targets, weight=self.class_weights)
        rows = len(targets)
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=rows, sync_dist=True)
        return loss

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Add one batch to the epoch's validation loss and accuracy.

        The weighted mean is over the whole epoch: a mean of the batches' weighted means would
        depend on how rows fall into batches.
        """
        inputs, targets = batch
        logits = self.classifier(inputs)
        self.accuracy.update(logits, targets)
        losses = functional.cross_entropy(logits, targets, reduction="none")
        self.loss.update(losses, self.class_weights[targets])
        self.log("val/loss", self.loss)
        self.log("val/accuracy", self.accuracy)

    def configure_optimizers(self) -> Any:
        """Build the optimizer, with a learning rate that moves every step.

        Biases and the scales of normalisation do not decay: towards 0 is no simpler for them.
        """
        choice = self.optimizer_choice
        parameters = list(self.classifier.parameters())
        groups: list[dict[str, Any]] = [
            {"params": [p for p in parameters if p.ndim > 1]},
            {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
        ]
        optimizer = instantiate(choice, groups, without=("schedule", "warmup"))
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
