"""A model with everything that it is judged by: the new one, or the one in use."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..measures.tables import NETWORK, Evidence, load_cells, rows_hash
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..scoring import load_networks, predict_rows
from .registry import Registry, Version

SPLIT = ("data.split.", "data.group", "data.fold")  # parameters that say which rows are for what


@dataclass(frozen=True)
class Contender:
    """One side of a comparison."""

    name: str
    table: Predictions  # of the test rows
    evidence: Evidence | None  # what else is known of it
    folder: Path | None  # the model itself
    version: Version | None


def best_baseline(evidence: Evidence, metrics: dict[str, Any]) -> Contender:
    """Return what the first network has to beat."""
    name = metrics["comparison"]["best_baseline"]
    corrupted = {NETWORK: evidence.corrupted[name]} if name in evidence.corrupted else {}
    table = evidence.test[name]
    own = replace(evidence, test={NETWORK: table}, corrupted=corrupted, behaviour=None)
    return Contender(name, table, own, None, None)


def registered(
    registry: Registry,
    version: Version,
    test: Predictions,
    prepared: Path,
    parameters: dict[str, Any],
    scratch: Path,
) -> Contender:
    """Return a registered version, as it does on the rows of ``test``.

    The predictions that it was judged by are taken where they are of the same rows. Other rows it
    predicts anew, if its own split was the same: then none of them is a row it has learned from.

    Raises:
        UserError: when the rows are others and so is the split.
    """
    place = scratch / f"version-{version.number}"
    folder = registry.folder(version, place / "model")
    kept = registry.evidence(version, place)
    name = f"version {version.number}"
    if kept:
        table = Predictions.load(kept / "test.parquet")
        if rows_hash(table) == rows_hash(test) and table.classes == test.classes:
            return Contender(name, table, _evidence(table, kept), folder, version)
    differing = other_split(registry.parameters(version), parameters)
    if differing:
        raise UserError(
            f"{name} was trained with another {', '.join(differing)}: rows of this test set may be "
            "rows it has learned from"
        )
    table = predict_rows(load_networks(folder, prepared, own=False), prepared, "test")
    if rows_hash(table) != rows_hash(test) or table.classes != test.classes:
        raise UserError(f"{name} knows other classes or rows than this test set has")
    return Contender(name, table, None, folder, version)


def other_split(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return the parameters of the split that differ between two runs."""
    names = {name for name in (*before, *now) if name.startswith(SPLIT)}
    return sorted(name for name in names if before.get(name) != now.get(name))


def split_parameters(params: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return params.yaml as MLflow has it: one text for each key."""
    flat: dict[str, str] = {}
    for key, value in params.items():
        if isinstance(value, dict):
            flat |= split_parameters(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


def facts_of(folder: Path) -> dict[str, Any]:
    """Return model.json."""
    return dict(json.loads((folder / "model.json").read_text("utf-8")))


def _evidence(table: Predictions, kept: Path) -> Evidence:
    file = kept / "corrupted.parquet"
    corrupted = {NETWORK: load_cells(file, table.classes)} if file.exists() else {}
    return Evidence({NETWORK: table}, {}, corrupted, None)
