"""The types of the groups that depend on the kind of data: images, and networks for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..runtime.errors import check
from ..splits import Split

LARGEST_SIZE = 4096  # pixels a side
MOST_CHANNELS = 4096


class Color(Enum):
    """``auto`` is grey when every training image is grey."""

    auto = "auto"
    grey = "grey"
    rgb = "rgb"


class OnBad(Enum):
    """What happens when a file cannot be read as an image."""

    stop = "stop"
    quarantine = "quarantine"


@dataclass
class Augmentation:
    """The largest random change of each kind; 0 or false switches a kind off."""

    shift: float  # share of the side
    rotate: float  # degrees
    scale: float  # share of the size
    brightness: float  # share of the full range
    flip: bool  # left to right

    def __post_init__(self) -> None:
        for name in ("shift", "scale", "brightness"):
            value = getattr(self, name)
            check(0 <= value < 1, f"data.augmentation.{name}", value, "a share from 0 to below 1")
        check(
            0 <= self.rotate <= 180,
            "data.augmentation.rotate",
            self.rotate,
            "degrees from 0 to 180",
        )


@dataclass
class Data:
    """What the images are, and how they reach the network."""

    source: str  # folder: your own, at `data.path`; else a module of sources/, such as example
    path: str | None  # a folder that holds one folder of images for each class
    on_bad: OnBad
    # pixels a side; null: the median shorter side of the raw images, at most 224
    image_size: int | None
    color: Color  # auto: grey where every training image is grey
    group: str | None  # what may not be torn apart, as a pattern for the path: `'^(patient\d+)_'`
    split: Split
    fold: int | None
    batch_size: int  # rows of a step, of all processes together
    workers: int
    memory_share: float
    augmentation: Augmentation

    def __post_init__(self) -> None:
        size = self.image_size
        fits = size is None or 4 <= size <= LARGEST_SIZE
        check(fits, "data.image_size", size, f"null, or from 4 to {LARGEST_SIZE} pixels")
        check(self.workers >= 0, "data.workers", self.workers, "0 or more")
        check(self.memory_share >= 0, "data.memory_share", self.memory_share, "0 or more")
        check(self.batch_size >= 1, "data.batch_size", self.batch_size, "a whole number above 0")


@dataclass
class Behaviour:
    """How many rows the model's behaviour is tried on."""

    rows: int  # of the test set that it is tried on, at most; 0: none

    def __post_init__(self) -> None:
        check(self.rows >= 0, "evaluation.behaviour.rows", self.rows, "0 or more")


@dataclass
class CNN:
    """Fields of ``model.CNN``."""

    _target_: str
    width: int  # channels of the first block; each further one has twice as many
    blocks: int  # convolutions, one after the other
    dropout: float  # share of the features that training sets to zero

    def __post_init__(self) -> None:
        _check_network(self)
        _check_doublings(self.width, "blocks", self.blocks)


@dataclass
class ResNet:
    """Fields of ``model.ResNet``."""

    _target_: str
    width: int  # channels of the first stage; each further one has twice as many
    stages: int  # each halves the resolution: more of them for larger images
    blocks: int  # of each stage
    dropout: float  # share of the features that training sets to zero

    def __post_init__(self) -> None:
        _check_network(self)
        _check_doublings(self.width, "stages", self.stages)


@dataclass
class Pretrained:
    """Fields of ``backbones.pretrained.Pretrained``."""

    _target_: str
    backbone: str
    weights: str | None
    input_size: int
    frozen_epochs: int
    backbone_lr: float
    dropout: float  # share of the features that training sets to zero

    def __post_init__(self) -> None:
        _check_network(self)
        fits = 1 <= self.input_size <= LARGEST_SIZE
        check(fits, "model.input_size", self.input_size, f"from 1 to {LARGEST_SIZE} pixels")
        check(self.frozen_epochs >= 0, "model.frozen_epochs", self.frozen_epochs, "0 or more")
        random = self.weights is None and self.frozen_epochs > 0
        expected = "0 where model.weights=null: what is random must learn"
        check(not random, "model.frozen_epochs", self.frozen_epochs, expected)
        share = self.backbone_lr
        check(0 < share <= 1, "model.backbone_lr", share, "a share above 0, up to 1")


MODELS = {
    ".model.CNN": CNN,
    ".model.ResNet": ResNet,
    ".backbones.pretrained.Pretrained": Pretrained,
}


def _check_network(network: CNN | ResNet | Pretrained) -> None:
    for name in ("width", "blocks", "stages"):
        value = getattr(network, name, 1)
        check(value >= 1, f"model.{name}", value, "a whole number above 0")
    check(0 <= network.dropout < 1, "model.dropout", network.dropout, "a share from 0 to below 1")


def _check_doublings(width: int, key: str, levels: int) -> None:
    fits = width * 2 ** (min(levels, 64) - 1) <= MOST_CHANNELS
    expected = f"fewer: each doubles model.width={width}, to at most {MOST_CHANNELS} channels"
    check(fits, f"model.{key}", levels, expected)
