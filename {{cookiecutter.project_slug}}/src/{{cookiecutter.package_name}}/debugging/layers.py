"""What each part of a network makes of one example, and where numbers stop being numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Numbers:
    """What there is to say of a tensor. Mean, deviation and range are those of finite values."""

    shape: tuple[int, ...]
    mean: float
    std: float
    least: float
    largest: float
    zeros: float  # share of the values
    broken: int  # how many values are NaN or infinite

    @classmethod
    def of(cls, tensor: Tensor) -> Numbers:
        """Look at ``tensor``; of one without finite values, mean and range are 0."""
        values = tensor.detach().to(torch.float64)
        finite = values[values.isfinite()]
        known = finite if finite.numel() else torch.zeros(1, dtype=torch.float64)
        return cls(
            shape=tuple(tensor.shape),
            mean=known.mean().item(),
            std=known.std(correction=0).item(),
            least=known.min().item(),
            largest=known.max().item(),
            zeros=(values == 0).double().mean().item() if values.numel() else 0.0,
            broken=values.numel() - finite.numel(),
        )


@dataclass(frozen=True)
class Layer:
    """One call of one module."""

    name: str  # its place in the network, such as features.0
    kind: str  # its class
    returned: Numbers


@dataclass(frozen=True)
class Passage:
    """One example on its way through a network."""

    received: Tensor  # by the first layer
    layers: list[Layer]  # in the order in which they returned
    outputs: Tensor
    bad_weights: list[str]  # of the network: those that hold NaN or infinite numbers

    @property
    def first_broken(self) -> Layer | None:
        """The layer at which values stop being finite numbers."""
        return next((layer for layer in self.layers if layer.returned.broken), None)


def watch(network: nn.Module, inputs: Tensor) -> Passage:
    """Send ``inputs`` (rows, ...) through ``network``, and look at what every module returns.

    Containers that only call their parts one after the other are left out. Each module is looked at
    as it returns: the next may change the same memory, as ``ReLU(inplace=True)`` does.
    """
    layers: list[Layer] = []
    received: list[Tensor] = []

    def look(name: str) -> Callable[[nn.Module, Any, Any], None]:
        def hook(module: nn.Module, _given: Any, returned: Any) -> None:
            if isinstance(returned, Tensor):
                layers.append(Layer(name, type(module).__name__, Numbers.of(returned)))

        return hook

    def keep(module: nn.Module, given: tuple[Any, ...]) -> None:
        if not received and not list(module.children()):
            received.extend(one.clone() for one in given if isinstance(one, Tensor))

    hooks: list[torch.utils.hooks.RemovableHandle] = []
    for name, module in network.named_modules():
        hooks.append(module.register_forward_pre_hook(keep))
        if name and not isinstance(module, nn.Sequential):
            hooks.append(module.register_forward_hook(look(name)))
    try:
        with torch.inference_mode():
            outputs = network.eval()(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    bad = [name for name, value in network.named_parameters() if not value.isfinite().all()]
    return Passage(received[0] if received else inputs, layers, outputs, bad)


def told(passage: Passage) -> list[str]:
    """Return a line for each layer, and what is wrong with the first that breaks."""
    names = max((len(layer.name) for layer in passage.layers), default=0)
    kinds = max((len(layer.kind) for layer in passage.layers), default=0)
    shapes = max((len(shape_of(layer.returned)) for layer in passage.layers), default=0)
    lines: list[str] = []
    for layer in passage.layers:
        numbers = layer.returned
        start = f"{layer.name:{names}}  {layer.kind:{kinds}}  {shape_of(numbers):{shapes}}  "
        if 0 in numbers.shape:
            lines.append(f"{start}no values")
        elif numbers.broken:
            lines.append(f"{start}{numbers.broken} values are NOT FINITE")
        else:
            lines.append(
                f"{start}mean {numbers.mean:.4f}  std {numbers.std:.4f}  zeros {numbers.zeros:.0%}"
            )
        if layer is passage.first_broken:
            lines.append(f"^ the first NaN or infinite values: {_why(layer, passage.bad_weights)}")
    return lines


def _why(layer: Layer, bad: list[str]) -> str:
    own = [name for name in bad if name.startswith(f"{layer.name}.")] or bad
    if own:
        return f"{own[0]} holds some. Train again; see docs/debugging.md"
    return "all weights are finite, so look at what it receives and at how it computes"


def shape_of(numbers: Numbers) -> str:
    """Return the shape as people write it: (1, 16, 12, 12)."""
    return str(numbers.shape)
