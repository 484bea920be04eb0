"""How a network learns: the loss of each step, the optimizer and its schedule."""

from __future__ import annotations

import math
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torchmetrics import MeanMetric

from ..choices.instantiation import instantiate
from ..config.training import Optimizer, Schedule
from .batches import Batch
from .objective import Objective
from .unfreezing import parameter_groups


class Learner(LightningModule):
    """Train a network for an objective.

    Args:
        network: maps inputs (batch, ...) to what the objective takes.
        optimizer: the group ``optimizer`` of the configuration.
        objective: the loss and the metric.
    """

    def __init__(self, network: nn.Module, optimizer: Optimizer, objective: Objective) -> None:
        super().__init__()
        # Convolutions are a quarter faster so; the program is exported from a plain copy.
        network.to(memory_format=torch.channels_last)  # pyrefly: ignore[no-matching-overload]
        self.network = network
        self.optimizer_choice, self.objective = optimizer, objective
        self.metric = objective.metric()
        # A loss that is no number must be seen. Each process has all of the validation split.
        self.loss = MeanMetric(nan_strategy=math.inf, sync_on_compute=False)
        # Not a buffer: those of the first process are copied to the others at each step.
        self.epoch_losses = torch.zeros(2)  # sum of weighted losses, and of weights

    def on_train_start(self) -> None:
        """Put the sums where the losses are."""
        self.epoch_losses = self.epoch_losses.to(self.device)

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the loss, so scaled that its mean over all processes is that of the whole batch.

        A mean of the processes' means would depend on how rows, and their weights, are shared out.
        """
        losses = self.objective.losses(self.network(batch.inputs), batch.targets)
        total = (losses * self.objective.weights(batch.targets)).sum()
        weight = self.objective.weights(batch.all_targets).sum()
        with torch.no_grad():
            self.epoch_losses += torch.stack([total, weight / self.trainer.world_size])
        return total * self.trainer.world_size / weight

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Add one batch to the epoch's validation loss and metric.

        The weighted mean is over the whole epoch: a mean of the batches' weighted means would
        depend on how rows fall into batches.
        """
        outputs, targets = self.network(batch.inputs), batch.targets
        self.metric.update(outputs, targets)
        self.loss.update(self.objective.losses(outputs, targets), self.objective.weights(targets))

    def on_validation_epoch_end(self) -> None:
        """Log the means of the epoch: once, because each log costs as much as a small step."""
        total, weight = self._sums_of_all_processes().tolist()
        values = {
            "train/loss": total / weight if weight else math.nan,
            "val/loss": self.loss.compute(),
            f"val/{self.objective.name}": self.metric.compute(),
        }
        self.log_dict(values)
        self.loss.reset()
        self.metric.reset()
        self.epoch_losses.zero_()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the sums of an epoch that is not at its end."""
        checkpoint["epoch_losses"] = self._sums_of_all_processes()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Go on with them in the first process."""
        share = 1.0 if self.trainer.is_global_zero else 0.0
        self.epoch_losses = checkpoint["epoch_losses"] * share

    def configure_optimizers(self) -> Any:
        """Build the optimizer, with a learning rate that moves every step."""
        choice = self.optimizer_choice
        groups = parameter_groups(self.network, choice.lr)
        optimizer = instantiate(choice, groups, without=("schedule", "warmup"))
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: rate_at(step, steps, choice)
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _sums_of_all_processes(self) -> Tensor:
        if self.trainer.world_size == 1:
            return self.epoch_losses.cpu()
        return self.trainer.strategy.reduce(self.epoch_losses.clone(), reduce_op="sum").cpu()


def rate_at(step: int, steps: int, choice: Optimizer) -> float:
    """Return the learning rate at ``step`` as a share of its maximum."""
    warmup = round(choice.warmup * steps)
    if step < warmup:
        return (step + 1) / warmup
    if choice.schedule is Schedule.constant:
        return 1.0
    done = (step - warmup) / max(1, steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
