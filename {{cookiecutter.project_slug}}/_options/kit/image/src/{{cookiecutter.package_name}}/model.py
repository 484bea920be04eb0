"""The networks, as plain modules, and the preprocessing that belongs to them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .backbones.pretrained import Pretrained
from .choices.instantiation import instantiate
from .schema import Manifest


class CNN(nn.Module):
    """Blocks of two 3x3 convolutions, each with twice the channels at half the resolution.

    Global pooling makes it indifferent to where on the image something is.
    Input float (batch, channels, height, width), output logits (batch, classes).
    """

    def __init__(
        self, channels: int, classes: int, *, width: int, blocks: int, dropout: float
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for block in range(blocks):
            out = width * 2**block
            layers += [*_convolution(channels, out), *_convolution(out, out)]
            if block < blocks - 1:
                layers.append(nn.MaxPool2d(2, ceil_mode=True))
            channels = out
        self.features = nn.Sequential(*layers)
        self.head = nn.Sequential(
            GlobalMaxPool(), nn.Dropout(dropout), nn.Linear(channels, classes)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        return self.head(self.features(images))


class GlobalMaxPool(nn.Module):
    """(batch, channels, height, width) -> (batch, channels); deterministic on CUDA too."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the largest value of each channel."""
        # Not amax: its gradient looks for the value again, and compiled in bfloat16 finds none: NaN
        # (pytorch/pytorch#195214).
        return functional.max_pool2d(images, images.shape[2:]).flatten(1)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside an identity (He et al., 2016).

    Where the resolution falls, the identity is averaged first, so that no pixel is dropped (He et
    al., 2019).
    """

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_convolution(channels, out, stride),
            nn.Conv2d(out, out, 3, padding=1, bias=False),
            nn.BatchNorm2d(out),
        )
        shortcut: list[nn.Module] = []
        if stride > 1:  # a strided 1x1 convolution of 4 channels writes out of bounds (torch 2.13)
            shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if channels != out:
            shortcut += [nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out)]
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, images: Tensor) -> Tensor:
        """Return images of the block's width and stride."""
        return functional.relu(self.body(images) + self.shortcut(images))


class ResNet(nn.Module):
    """Stages of ``blocks`` residual blocks, each with twice the channels at half the resolution.

    Shapes as for ``CNN``.
    """

    def __init__(
        self, channels: int, classes: int, *, width: int, stages: int, blocks: int, dropout: float
    ) -> None:
        super().__init__()
        layers = [*_convolution(channels, width)]
        channels = width
        for stage in range(stages):
            out = width * 2**stage
            for block in range(blocks):
                layers.append(ResidualBlock(channels, out, stride=2 if stage and not block else 1))
                channels = out
        self.features = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(channels, classes)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        return self.head(self.features(images))


class ImageClassifier(nn.Module):
    """A network with its preprocessing: from pixels as they are stored to logits.

    Input uint8 or float (batch, height, width, channels) in 0..255, output logits (batch, classes).
    """

    def __init__(self, network: nn.Module, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, -1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        pixels = images.permute(0, 3, 1, 2).float()
        return self.network((pixels - self.mean) / self.std)


def build(choice: Any, manifest: Manifest, fold: int | None = None) -> ImageClassifier:
    """Build the network that ``choice`` (a group ``model``) names for the prepared data."""
    network = instantiate(choice, manifest.channels, len(manifest.classes))
    before = isinstance(network, Pretrained)  # it wants images like those of its first training
    statistics = network.statistics if before else manifest.statistics_of(fold)
    return ImageClassifier(network, statistics.mean, statistics.std)


def example_input(manifest: Manifest) -> Tensor:
    """Two blank images of the prepared shape, for export."""
    return torch.zeros(
        2, manifest.image_size, manifest.image_size, manifest.channels, dtype=torch.uint8
    )


def _convolution(channels: int, out: int, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
