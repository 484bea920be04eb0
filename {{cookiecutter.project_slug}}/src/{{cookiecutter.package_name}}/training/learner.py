"""How a network learns: the loss of each step, the optimizer and its schedule."""

from __future__ import annotations

import math
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torchmetrics import MeanMetric

from ..choices.instantiation import instantiate
from .objective import Objective
from .settings import Optimizer, Schedule

Batch = tuple[Tensor, Tensor]  # inputs (batch, ...), targets (batch,)


class Learner(LightningModule):
    """Train a network for an objective.

    Args:
        network: maps inputs (batch, ...) to what the objective takes.
        optimizer: the group ``optimizer`` of the configuration.
        objective: the loss and the metric.
    """

    def __init__(self, network: nn.Module, optimizer: Optimizer, objective: Objective) -> None:
        super().__init__()
        self.network, self.optimizer_choice, self.objective = network, optimizer, objective
        self.metric = objective.metric()
        self.loss = MeanMetric(nan_strategy=math.inf)  # a loss that is no number must be seen

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the loss of one batch."""
        inputs, targets = batch
        losses, weights = (
            self.objective.losses(self.network(inputs), targets),
            self.objective.weights(targets),
        )
        loss = (losses * weights).sum() / weights.sum()
        rows = len(targets)
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=rows, sync_dist=True)
        return loss

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Add one batch to the epoch's validation loss and metric.

        The weighted mean is over the whole epoch: a mean of the batches' weighted means would
        depend on how rows fall into batches.
        """
        inputs, targets = batch
        outputs = self.network(inputs)
        self.metric.update(outputs, targets)
        self.loss.update(self.objective.losses(outputs, targets), self.objective.weights(targets))
        self.log("val/loss", self.loss)
        self.log(f"val/{self.objective.name}", self.metric)

    def configure_optimizers(self) -> Any:
        """Build the optimizer, with a learning rate that moves every step.

        Biases and the scales of normalisation do not decay: towards 0 is no simpler for them.
        """
        choice = self.optimizer_choice
        parameters = list(self.network.parameters())
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
