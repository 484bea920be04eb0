"""Stops a training whose numbers have become NaN or infinite, and says where that began."""

from __future__ import annotations

from typing import Any, NoReturn

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor, nn

from ..runtime.errors import DivergedError

ON_A_CPU = "Going on with resume=auto trainer.accelerator=cpu names the module"
BATCHES_BETWEEN_LOOKS = 50  # on a GPU, where each look waits for all that is queued


class Guard(Callback):
    """Looks at each loss before it moves a weight; on a GPU now and then, and before checkpoints.

    It stands before ``Checkpoints`` among the callbacks, so that no checkpoint is overwritten.
    """

    def __init__(self) -> None:
        self._batch: Any = None
        self._first_bad: Tensor | None = None  # the step, where there was one

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Remember the batch, to find out later where its numbers went wrong."""
        self._batch = batch

    def on_before_backward(
        self, trainer: Trainer, pl_module: LightningModule, loss: Tensor
    ) -> None:
        """Look at the loss."""
        if loss.device.type == "cpu":
            if not torch.isfinite(loss):
                with trainer.precision_plugin.forward_context():
                    where = culprit(pl_module, self._batch)
                _stop(trainer.global_step, where)
        else:
            self.note(loss, trainer.global_step)

    def note(self, loss: Tensor, at: int) -> None:
        """Remember the first step whose loss is bad, without waiting for the device it is on."""
        step = torch.full_like(loss, at, dtype=torch.float32)
        if self._first_bad is None:
            self._first_bad = torch.full_like(step, torch.inf)
        bad = ~torch.isfinite(loss.detach())
        self._first_bad = torch.where(bad, torch.minimum(step, self._first_bad), self._first_bad)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Look at what a GPU has noted."""
        if batch_idx % BATCHES_BETWEEN_LOOKS == 0:
            self._look()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look once more before the epoch is kept."""
        self._look()

    def on_save_checkpoint(
        self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Look at the weights too before they are kept: gradients of a good loss can be bad."""
        self._look()
        bad = bad_weights(pl_module.get_submodule("network"))
        if bad:
            _stop(trainer.global_step, f"the weights {bad} are not finite since the step before")

    def _look(self) -> None:
        if self._first_bad is not None and torch.isfinite(self._first_bad):
            # The steps since have spoiled every weight, so that the module is not to be seen now.
            _stop(int(self._first_bad), f"the loss is not finite. {ON_A_CPU}")


def _stop(step: int, reason: str) -> NoReturn:
    raise DivergedError(
        f"training diverged at step {step}: {reason}. The checkpoints before it are kept. "
        "Lower optimizer.lr, or set trainer.gradient_clip to 1.0."
    )


def bad_weights(network: nn.Module) -> str | None:
    """Return the name of the first parameter that holds a number that is not finite."""
    some = network.named_parameters()
    return next((name for name, weights in some if not torch.isfinite(weights).all()), None)


def culprit(learner: LightningModule, batch: Any) -> str:
    """Say which module of ``learner.network`` first gives numbers that are not finite, or has them.

    The forward pass of ``batch`` is made again, and each module looked at as it ends.
    """
    network = learner.get_submodule("network")
    bad = bad_weights(network)
    if bad:
        return f"the weights {bad} are not finite since the step before"
    found: list[str] = []

    def look(name: str) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            if isinstance(output, Tensor) and not torch.isfinite(output).all() and not found:
                found.append(name)

        return hook

    hooks = [module.register_forward_hook(look(name)) for name, module in network.named_modules()]
    with torch.no_grad():
        torch.manual_seed(batch.key)
        network(batch.inputs)
    for hook in hooks:
        hook.remove()
    return (
        f"the output of {found[0] or 'the network'} is not finite"
        if found
        else "the loss is not finite"
    )
