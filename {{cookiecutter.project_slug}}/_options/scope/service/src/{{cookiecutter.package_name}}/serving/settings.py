"""The types of conf/serving.yaml, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

from ..config import Tracking
from ..runtime import composition
from ..runtime.composition import check_overrides, current_overrides
from ..runtime.errors import UserError, check

T = TypeVar("T")


class Recorded(Enum):
    """What is kept of requests, for `monitor`."""

    nothing = "nothing"
    predictions = "predictions"
    inputs = "inputs"


@dataclass
class Settings:
    """How a model is served."""

    tracking: Tracking
    model: str  # champion, the number of a version, or a model folder
    refresh: float
    host: str
    port: int  # 0: any that is free
    threads: int  # of one prediction; more than one pays for large networks only
    waiting: int
    rows: int  # of one request, at most
    together: int
    body_mib: float  # of one request, at most
    record: Recorded  # predictions: what was predicted, for `monitor`; inputs: and from what
    record_to: str  # the folder of what is kept
    record_share: float  # of the requests that are kept
    record_sensitive: bool
    record_days: int  # after which a file is deleted
    seconds: float  # that a request may take: to arrive, and to be predicted
    candidate: str | None
    candidate_share: float  # of the requests that both models predict
    candidate_answers: bool
    candidate_differs: float  # refused beyond: share of rows, or standard deviations of the target
    candidate_slower: float  # refused if it takes so many times as long

    def __post_init__(self) -> None:
        for name in ("threads", "waiting", "rows", "together", "record_days"):
            value = getattr(self, name)
            check(value > 0, name, value, "a whole number above 0")
        for name in ("body_mib", "seconds"):
            value = getattr(self, name)
            check(value > 0, name, value, "a number above 0")
        for name in ("record_share", "candidate_share"):
            share = getattr(self, name)
            check(0 < share <= 1, name, share, "a share above 0, at most 1")
        check(self.candidate_differs > 0, "candidate_differs", self.candidate_differs, "above 0")
        check(self.candidate_slower > 1, "candidate_slower", self.candidate_slower, "above 1")
        check(self.refresh >= 0, "refresh", self.refresh, "seconds, or 0 for never")
        check(0 <= self.port < 2**16, "port", self.port, "0 (any that is free) to 65535")

    @property
    def body_bytes(self) -> int:
        """The largest body of a request."""
        return int(self.body_mib * 2**20)


def read(words: list[str]) -> Settings:
    """Return the settings with ``words`` such as port=80, over the project's choice of tracking.

    Raises:
        UserError, or errors of OmegaConf that ``guarded`` explains.
    """
    tracking = [word for word in current_overrides() if word.startswith("tracking.")]
    known = {"tracking": composition.CONF / "tracking/default.yaml"}
    return read_root("serve", Settings, "serving.yaml", words, known, tracking)


def read_root(
    verb: str,
    kind: type[T],
    file: str,
    words: list[str],
    groups: Mapping[str, Path] = MappingProxyType({}),
    before: Sequence[str] = (),
) -> T:
    """Return a configuration that a service has beside that of training, read without Hydra.

    Args:
        verb: who reads it, for its help.
        kind: the type of it.
        file: in conf/.
        words: of the command line.
        groups: files of further keys.
        before: words that count less than those of the command line.
    """
    from omegaconf import OmegaConf

    for word in check_overrides(words):
        if "=" not in word or word.startswith("-"):
            raise UserError(f"{word}: expected KEY=VALUE. `uv run {verb} --help` says more.")
    merged = OmegaConf.merge(
        OmegaConf.structured(kind),
        OmegaConf.load(composition.CONF / file),
        {name: OmegaConf.load(place) for name, place in groups.items()},
        OmegaConf.from_dotlist([*before, *words]),
    )
    return cast(T, OmegaConf.to_object(merged))
