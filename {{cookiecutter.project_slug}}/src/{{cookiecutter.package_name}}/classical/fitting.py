"""The baselines of one split or fold: tuned, fitted, and what they say of each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..arrays import load_split
from ..config import Baselines
from ..predictions import Predictions
from ..probes.scoring import score_corrupted
from ..schema import Manifest
from .models import REFERENCE, candidates, features_of
from .tuning import Facts, outputs_of, sample_rows, tuned_models


@dataclass(frozen=True)
class Baseline:
    """One tuned model: what it says of val and test, and how it was tuned."""

    name: str
    tables: dict[str, Predictions]
    facts: Facts
    corrupted: pl.DataFrame | None  # what the reference says of corrupted test rows


def baselines_of(
    prepared: Path,
    manifest: Manifest,
    fold: int | None,
    settings: Baselines,
    seed: int,
    most_corrupted: int,
) -> Iterator[Baseline]:
    """Yield each baseline; the reference also predicts ``most_corrupted`` corrupted test rows."""

    def see(array: NDArray[Any]) -> NDArray[np.float32]:
        return features_of(array, manifest, fold, settings.max_features)

    splits = {name: load_split(prepared, name, fold) for name in ("train", "val", "test")}
    kept = np.sort(sample_rows(len(splits["train"].ids), settings.max_rows, seed))
    targets = {name: rows.targets for name, rows in splits.items()}
    inputs = {name: rows.inputs for name, rows in splits.items()}
    targets["train"], inputs["train"] = targets["train"][kept], inputs["train"][kept]
    features = {name: see(array) for name, array in inputs.items()}
    models = candidates(manifest, len(kept), seed, settings.max_features)
    found = tuned_models(models, features, targets, manifest.classes, settings.trials, seed)
    ids = {split: splits[split].ids for split in ("val", "test")}
    for name, model, facts in found:
        outputs = {split: outputs_of(model, features[split], manifest.classes) for split in ids}
        tables = {
            split: Predictions(ids[split], manifest.classes, targets[split], outputs[split])
            for split in ids
        }
        corrupted = None
        if name == REFERENCE and most_corrupted:
            reference = _Classical(model, see, manifest.classes)
            corrupted = score_corrupted(reference, splits["test"], manifest, fold, most_corrupted)
        yield Baseline(name, tables, facts, corrupted)


@dataclass(frozen=True)
class _Classical:
    """A fitted model that predicts from prepared inputs, as a network does."""

    model: Any
    see: Any  # inputs -> features
    classes: list[str]

    def __call__(self, inputs: NDArray[Any]) -> NDArray[np.floating]:
        return outputs_of(self.model, self.see(inputs), self.classes)
