"""Training without noise: each row stands for itself, whoever has it, and whatever else he has."""

from dataclasses import fields
from typing import Any

from torch import Tensor, nn, tanh

from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.model import example_input
from {{ cookiecutter.package_name }}.schema import Manifest


class Plain(nn.Module):
    """Two layers over a row's features, in 0..1."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(features, 8), nn.Linear(8, outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return logits (rows, outputs)."""
        rows = inputs.float().nan_to_num().flatten(1)
        return self.second(tanh(self.first(rows / (1 + rows.abs()))))


def build(_choice: Any, manifest: Manifest, _fold: int | None = None) -> Plain:
    """Build it in place of the network of the kit."""
    return Plain(example_input(manifest)[0].numel(), len(manifest.classes))


def without_augmentation(config: Config) -> None:
    """Take the rows as they are."""
    limits = config.data.augmentation
    for field in fields(limits):
        setattr(limits, field.name, type(getattr(limits, field.name))())
