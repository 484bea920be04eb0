"""A model that answers requests, and the one that does so now."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ..gate.registry import Registry, Version
from ..prediction.registered import fetch, folder_named, version_of
from ..predictor import Predictor
from ..runtime.errors import UserError
from ..tracking.lineage import file_hash
from .requests import Requests

MANY, TRIES = 64, 5  # rows of a prediction that is timed, and how often


@dataclass(frozen=True)
class Deployed:
    """A model folder in memory, with what is known of it. It has predicted a row before."""

    predictor: Predictor
    requests: Requests
    named: str  # how it was asked for
    version: str | None  # of the registry
    model_hash: str
    seconds: tuple[float, float]  # of a prediction, and of each further row
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def load(cls, folder: Path, named: str, version: Version | None) -> Deployed:
        """Load a folder, and have it predict once: the first call is the slowest.

        Raises:
            UserError: when it is no whole model folder, or does not predict finite numbers.
        """
        predictor = Predictor(folder)
        requests = Requests(predictor)
        probe = requests.probe()
        try:
            outputs = predictor.predict(probe)
        except Exception as error:  # of many kinds, for a program of other inputs
            reason = str(error).splitlines()[:1]
            raise UserError(f"{folder}: it cannot predict ({' '.join(reason)}).") from error
        if not np.isfinite(outputs).all():
            raise UserError(f"{folder}: it does not predict finite numbers.")
        one, many = (_seconds(predictor, np.repeat(probe, rows, axis=0)) for rows in (1, MANY))
        seconds = one, max(0.0, many - one) / (MANY - 1)
        number = version.number if version else None
        return cls(predictor, requests, named, number, file_hash(folder / "state.ckpt"), seconds)

    def seconds_for(self, rows: int) -> float:
        """Return about how long a prediction of so many rows takes."""
        return self.seconds[0] + (rows - 1) * self.seconds[1]

    @property
    def scale(self) -> float:
        """The standard deviation of the target of training, where that is a number."""
        return float(self.predictor.facts.get("target_std") or 1.0)

    @property
    def about(self) -> dict[str, Any]:
        """What /info says of it."""
        facts = self.predictor.facts
        age = (datetime.now(UTC) - self.since).total_seconds()
        return {
            "model": Path(self.named).name,  # and not where it lies
            "version": self.version,
            "model_hash": self.model_hash,
            "data_hashes": facts["data_hashes"],
            "classes": self.predictor.classes,
            "signature": facts["signature"],
            "loaded": self.since.isoformat(timespec="seconds"),
            "seconds_in_use": round(age, 1),
        }


def _seconds(predictor: Predictor, inputs: Any) -> float:
    """How long a prediction takes, the middle of some."""
    times: list[float] = []
    for _ in range(TRIES):
        began = time.perf_counter()
        predictor.predict(inputs)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


class InUse:
    """The model that answers now. Another one takes over between two requests.

    Args:
        named: an alias or version of the registry, or a folder.
        project: where folders are looked for, and fetched models kept.
        registry: None where a folder is named.
    """

    def __init__(self, named: str, project: Path, registry: Registry | None) -> None:
        self.named, self.project, self.registry = named, project, registry
        self.now: Deployed | None = None
        self._lock = threading.Lock()

    def look(self) -> bool:
        """Load what the name stands for, unless it answers already; return whether it is new.

        Raises:
            UserError: when there is no such model, or it does not work. The one before stays.
        """
        with self._lock:
            found = self._find()
            if found is not None:
                self.now = Deployed.load(*found)
            return found is not None

    def _find(self) -> tuple[Path, str, Version | None] | None:
        """Where the model is that the name stands for; None if it answers already."""
        if self.registry is None:
            folder = folder_named(self.named, self.project)
            return None if self.now or folder is None else (folder, self.named, None)
        with self.registry.explained():
            version = version_of(self.registry, self.named)
            if self.now is not None and self.now.version == version.number:
                return None
            return fetch(self.registry, version, self.project), self.named, version
