"""A network that no single GPU could hold: each process has a share of every layer (FSDP2)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch.strategies import ModelParallelStrategy
from torch import nn

from .learner import Learner

LEAST_SHARED = 2**16  # weights: a smaller module is shared out together with the one around it
WITHOUT_WEIGHTS = "meta.pt"  # what Lightning keeps of a training beside the shares


class ShardedLearner(Learner):
    """A learner whose network is shared out when the processes know each other."""

    def configure_model(self) -> None:
        """Share out each large block, then what is left; called again it changes nothing."""
        from torch.distributed.fsdp import FSDPModule, fully_shard

        if self.device_mesh is None or isinstance(self.network, FSDPModule):
            return
        # FSDP2 takes no weights whose channels come last.
        self.network.to(memory_format=torch.contiguous_format)  # pyrefly: ignore[no-matching-overload]
        mesh = self.device_mesh["data_parallel"]
        empty = {weights for weights in self.network.parameters() if not weights.numel()}
        for module in [*blocks(self.network), self.network]:
            fully_shard(module, mesh=mesh, ignored_params=empty)

    def on_train_start(self) -> None:
        """Read from where training goes on: the loader began before that was known."""
        super().on_train_start()
        iter(self.trainer.fit_loop._data_fetcher)  # pyrefly: ignore[no-matching-overload]

    def on_validation_epoch_start(self) -> None:
        """Validate what will be kept."""
        self._share_buffers()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the same buffers whichever process writes them."""
        super().on_save_checkpoint(checkpoint)
        self._share_buffers()

    def _share_buffers(self) -> None:
        """Give those of the first process to all: FSDP2 leaves each its own statistics."""
        for buffer in self.network.buffers():
            torch.distributed.broadcast(buffer, src=0)


def sharding(world_size: int) -> ModelParallelStrategy:
    """Lightning's strategy for it, with a checkpoint in as many files as there are processes."""
    return ModelParallelStrategy(data_parallel_size=world_size, tensor_parallel_size=1)


def blocks(network: nn.Module) -> list[nn.Module]:
    """Return the largest modules below ``network`` that repeat, to be gathered one after another.

    They are what a ``Sequential`` or a ``ModuleList`` holds, if it is large enough to be worth it.
    """
    found: list[nn.Module] = []
    for holder in network.modules():
        if isinstance(holder, nn.Sequential | nn.ModuleList):
            large = [part for part in holder if _weights(part) >= LEAST_SHARED]
            found += [part for part in large if not any(part in other.modules() for other in found)]
    return found


def consolidated(checkpoint: Path) -> dict[str, Any]:
    """Put the shares of a checkpoint together again, on the CPU."""
    from torch.distributed.checkpoint.format_utils import dcp_to_torch_save

    with tempfile.TemporaryDirectory(dir=checkpoint.parent) as folder:
        whole = Path(folder) / "whole.ckpt"
        dcp_to_torch_save(checkpoint, whole)
        return torch.load(whole, map_location="cpu", weights_only=True)


def without_weights(checkpoint: Path) -> dict[str, Any]:
    """Return what a shared-out checkpoint says of the training."""
    return torch.load(checkpoint / WITHOUT_WEIGHTS, map_location="cpu", weights_only=True)


def _weights(module: nn.Module) -> int:
    return sum(weights.numel() for weights in module.parameters())
