"""Everything that the report and the model card are made of, read from the files of the stages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..predictions import Predictions
from ..records.looks import read_looks
from ..schema import Manifest
from ..stats.verdict import INVALID
from ..tracking.lineage import file_hash
from .answers import read_answers
from .efficiency import read_efficiency
from .shown import Measure, measures_of, signed

Facts = dict[str, Any]


@dataclass(frozen=True)
class Sources:
    """Where everything lies."""

    metrics: Path
    leaks: Path
    model: Path
    prepared: Path
    network: Path  # its predictions
    baselines: Path  # theirs
    records: Path
    answers: Path


@dataclass(frozen=True)
class Material:
    """What a report is made of. ``metrics`` and ``facts`` are metrics.json and model.json."""

    name: str  # the package's
    metrics: Facts
    leaks: list[Facts]  # that were found, and accepted
    facts: Facts
    history: pl.DataFrame  # a row for each epoch
    model_hash: str
    prepared: Path
    manifest: Manifest
    table: Predictions  # of the network, on the test rows
    validation: Predictions
    tuning: dict[str, Facts]
    looks: int  # at the test set, by this and other models
    efficiency: Facts | None  # of this very model, if it was measured
    answers: dict[str, str]  # what people said of the model, by question
    overrides: list[str]  # what differs from conf/

    @cached_property
    def measures(self) -> list[Measure]:
        """What is measured of each model; by the first one they are compared."""
        return measures_of(self.network)

    @property
    def primary(self) -> Measure:
        """What models are compared by."""
        return self.measures[0]

    @property
    def ahead(self) -> str:
        """How a difference is shown."""
        return signed(self.primary.how)

    @property
    def concluded(self) -> bool:
        """Whether the rows allow for a conclusion at all."""
        return self.metrics["verdict"] not in (INVALID, "too_few_rows")

    @property
    def regression(self) -> bool:
        """Whether values are predicted, and not classes."""
        return not self.table.classes

    @property
    def best(self) -> str:
        """The baseline that was the best on validation."""
        return self.metrics["comparison"]["best_baseline"]

    @property
    def differences(self) -> dict[str, Facts]:
        """How far the network is ahead of each baseline."""
        return self.metrics["comparison"]["differences"]

    @property
    def network(self) -> Facts:
        """The network's measures."""
        return self.metrics["models"]["network"]

    def validated(self, name: str) -> float:
        """Return how a model does on validation rows, by the primary measure."""
        if name != "network":
            return self.tuning[name]["validation"]
        table = self.validation
        return float(table.correct.mean() if table.classes else np.abs(table.errors).mean())

    @cached_property
    def order(self) -> list[str]:
        """The models, the best of them first."""
        ahead = {name: entry["value"] for name, entry in self.differences.items()}
        return sorted(self.metrics["models"], key=lambda name: (ahead.get(name, 0.0), name))

    @cached_property
    def margins(self) -> dict[str, float]:
        """The smallest difference to each baseline that matters, in the difference's unit."""
        models, margin = self.metrics["models"], self.metrics["margin"]
        scale = {n: models[n]["mae"]["value"] if self.regression else 1.0 for n in self.differences}
        return {name: margin * scale[name] for name in scale}


def gather(sources: Sources, *, name: str, overrides: list[str]) -> Material:
    """Read what a report is made of, for the package of this ``name``.

    Raises:
        UserError: for a file that people or a merge have damaged.
    """
    metrics = _json(sources.metrics)
    looks = read_looks(sources.records.parent)
    model_hash = file_hash(sources.model / "state.ckpt")
    return Material(
        name=name,
        metrics=metrics,
        leaks=_json(sources.leaks),
        facts=_json(sources.model / "model.json"),
        history=pl.read_csv(sources.model / "history.csv"),
        model_hash=model_hash,
        prepared=sources.prepared,
        manifest=Manifest.load(sources.prepared),
        table=Predictions.load(sources.network / "test.parquet"),
        validation=Predictions.load(sources.network / "val.parquet"),
        tuning=how_tuned(_json(sources.baselines / "tuning.json")),
        looks=sum(look.test_set == metrics["test_set"]["hash"] for look in looks),
        efficiency=read_efficiency(sources.records / "efficiency.json", model_hash),
        answers=read_answers(sources.answers),
        overrides=overrides,
    )


def how_tuned(tuning: dict[str, list[Facts]]) -> dict[str, Facts]:
    """Return the facts of each baseline; of one that was tuned in several folds, the first's.

    Its validation score is the mean over the folds, and it has converged if it has in all.
    """
    return {
        name: facts[0]
        | {
            "converged": all(entry["converged"] for entry in facts),
            "validation": sum(entry["validation"] for entry in facts) / len(facts),
            "fits": sum(entry["trials"] for entry in facts),
        }
        for name, facts in tuning.items()
    }


def _json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
