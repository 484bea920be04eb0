"""The types of the groups that depend on the kind of data: tables, and networks for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from ..runtime.errors import check
from ..splits import Split

BINS = (1, 2, 4, 8, 16, 32, 64, 128)  # how often the 128 steps between quantiles can be halved


class OnBad(Enum):
    """What happens when rows break the contract."""

    stop = "stop"
    quarantine = "quarantine"


class TaskChoice(Enum):
    """What is predicted; ``contract`` is what the contract says, or what its author inferred."""

    contract = "contract"
    classification = "classification"
    regression = "regression"


@dataclass
class Augmentation:
    """Random changes of training rows; 0 switches a kind off."""

    hide: float  # share of the values that training takes for missing, at random

    def __post_init__(self) -> None:
        check(0 <= self.hide < 1, "data.augmentation.hide", self.hide, "from 0 to below 1")


@dataclass
class Data:
    """What the table is, and how its rows reach the network."""

    source: str  # file: your own, at `data.path`; else a module of sources/, such as example
    path: str | None
    sha256: str | None  # hash of the file that a URL must give; without it nothing is fetched
    contract: str | None
    target: str | None  # the column to predict; null: as the contract says
    task: TaskChoice  # what is predicted; `contract`: what the contract says, or `ingest` infers
    key: str | None  # the column that tells rows apart; null: as the contract says
    # the column whose rows of one value stay together; null: as the contract says
    group: str | None
    time: str | None  # the column to split by, later rows for the test; null: as the contract says
    on_bad: OnBad
    split: Split
    fold: int | None
    batch_size: int  # rows of a step, of all processes together
    workers: int
    memory_share: float
    augmentation: Augmentation

    def __post_init__(self) -> None:
        known = self.sha256 is None or re.fullmatch("[0-9a-f]{64}", self.sha256)
        check(bool(known), "data.sha256", self.sha256, "null, or 64 digits of 0-9 and a-f")
        check(self.workers >= 0, "data.workers", self.workers, "0 or more")
        check(self.memory_share >= 0, "data.memory_share", self.memory_share, "0 or more")
        check(self.batch_size >= 1, "data.batch_size", self.batch_size, "a whole number above 0")


@dataclass
class Direction:
    """A number that must move what is predicted one way only, when it alone grows."""

    feature: str  # the name of the column
    raises: str | None  # the class whose probability may not fall; null: the predicted value


@dataclass
class Behaviour:
    """How many rows the model's behaviour is tried on, and what is expected of it."""

    rows: int  # of the test set that it is tried on, at most; 0: none
    directional: list[Direction]

    def __post_init__(self) -> None:
        check(self.rows >= 0, "evaluation.behaviour.rows", self.rows, "0 or more")


@dataclass
class MLP:
    """Fields of ``model.MLP``, and of the embeddings before it."""

    _target_: str
    bins: int  # of each number, between its quantiles; a power of two
    embedding: int  # numbers that each feature becomes
    width: int  # units of each hidden layer
    blocks: int  # hidden layers
    dropout: float  # share of the units that training sets to zero

    def __post_init__(self) -> None:
        known = self.bins in BINS
        check(known, "model.bins", self.bins, f"one of {', '.join(map(str, BINS))}")
        for name in ("embedding", "width", "blocks"):
            value = getattr(self, name)
            check(value >= 1, f"model.{name}", value, "a whole number above 0")
        check(0 <= self.dropout < 1, "model.dropout", self.dropout, "a share from 0 to below 1")


@dataclass
class TabM(MLP):
    """Fields of ``model.TabM``, and of the embeddings before it."""

    members: int  # networks of the ensemble; fewer are faster, and nearly as good

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self.members >= 1, "model.members", self.members, "a whole number above 0")


MODELS = {".model.TabM": TabM, ".model.MLP": MLP}
