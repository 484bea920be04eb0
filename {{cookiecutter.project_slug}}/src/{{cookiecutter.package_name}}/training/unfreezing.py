"""How a part of a network that was trained before is trained on: first not at all, then slowly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor, nn
from torch.optim import Optimizer


class Backbone(nn.Module):
    """A part of a network that was trained before.

    Args:
        module: the part; shapes are its own.
        frozen_epochs: for so many epochs it does not learn.
        lr_share: of the learning rate, once it does.
    """

    def __init__(self, module: nn.Module, *, frozen_epochs: int, lr_share: float) -> None:
        super().__init__()
        self.module, self.frozen_epochs, self.lr_share = module, frozen_epochs, lr_share
        self.frozen = False

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what the part returns."""
        return self.module(inputs)

    def train(self, mode: bool = True) -> Self:
        """Switch the mode, unless it is frozen: batch norm would move its statistics."""
        return super().train(mode and not self.frozen)

    def freeze(self, frozen: bool, *, gradients: bool = False) -> None:
        """Stop or start learning, in a network that is being trained.

        Args:
            frozen: whether it stops.
            gradients: of what is frozen are computed all the same.
        """
        self.frozen = frozen
        self.requires_grad_(gradients or not frozen)
        self.train()


class Unfreezing(Callback):
    """Keep each ``Backbone`` frozen for its first epochs.

    What is frozen follows from the number of the epoch alone, and nothing is kept in a checkpoint:
    a training that goes on after an interruption is as frozen as it would have been.
    """

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Freeze where training starts, or goes on in the middle of an epoch."""
        # Where several processes train, each waits for the gradient of every parameter that could
        # have one when training began; there they are computed, and dropped before the step.
        for backbone in backbones(pl_module):
            frozen = trainer.current_epoch < backbone.frozen_epochs
            backbone.freeze(frozen, gradients=trainer.world_size > 1)

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Unfreeze what has been frozen for long enough."""
        self.on_train_start(trainer, pl_module)

    def on_before_optimizer_step(
        self, trainer: Trainer, pl_module: LightningModule, optimizer: Optimizer
    ) -> None:
        """Drop the gradients of what is frozen, so that neither moments nor decay move it."""
        for backbone in backbones(pl_module):
            if backbone.frozen:
                backbone.zero_grad()


def backbones(network: nn.Module) -> Iterator[Backbone]:
    """Yield the parts of ``network`` that were trained before."""
    return (module for module in network.modules() if isinstance(module, Backbone))


def parameter_groups(network: nn.Module, lr: float) -> list[dict[str, Any]]:
    """Return the groups of parameters for an optimizer whose learning rate is ``lr``.

    Biases and the scales of normalisation do not decay: towards 0 is no simpler for them. What is
    frozen is among them, for one optimizer lasts all epochs.
    """
    shares = {id(p): one.lr_share for one in backbones(network) for p in one.parameters()}
    groups: list[dict[str, Any]] = []
    for share in sorted({1.0, *shares.values()}, reverse=True):
        every = [p for p in network.parameters() if p.numel()]
        own = [p for p in every if shares.get(id(p), 1.0) == share]
        groups += [
            {"params": [p for p in own if p.ndim > 1], "lr": share * lr},
            {"params": [p for p in own if p.ndim <= 1], "lr": share * lr, "weight_decay": 0.0},
        ]
    return groups
