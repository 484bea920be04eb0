"""All predictions that an evaluation reads, and what identifies them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from ..predictions import Predictions
from ..runtime.errors import UserError
from .robustness import Cells

NETWORK = "network"
AGAIN = (
    "`uv run dvc repro` makes them anew, or `uv run baselines run=NAME` and "
    "`uv run score run=NAME` those of a run by hand."
)


@dataclass(frozen=True)
class Evidence:
    """Tables by the model's name: the network, and each baseline."""

    test: dict[str, Predictions]
    validation: dict[str, Predictions]
    corrupted: dict[str, Cells]  # of the network, and of the baseline it is compared with there
    behaviour: pl.DataFrame | None
    sensitive: list[str] = field(default_factory=list)  # facts that the contract calls so

    @property
    def network(self) -> Predictions:
        """What the network says of the test rows."""
        return self.test[NETWORK]

    @property
    def reference(self) -> str | None:
        """The baseline that was scored on corrupted rows."""
        return next((name for name in self.corrupted if name != NETWORK), None)


def load_evidence(network: Path, baselines: Path) -> Evidence:
    """Read the tables of predictions/network and predictions/baselines."""
    folders = {NETWORK: network} | {path.name: path for path in sorted(baselines.glob("*/"))}
    test, validation = (
        {name: Predictions.load(folder / f"{split}.parquet") for name, folder in folders.items()}
        for split in ("test", "val")
    )
    corrupted = {
        name: load_cells(folder / "corrupted.parquet", test[name].classes)
        for name, folder in folders.items()
        if (folder / "corrupted.parquet").exists()
    }
    behaved = network / "behaviour.parquet"
    behaviour = pl.read_parquet(behaved) if behaved.exists() else None
    sensitive = json.loads((network / "sensitive.json").read_text("utf-8"))
    return Evidence(test, validation, corrupted, behaviour, sensitive)


def require_same_rows(network: Predictions, other: Predictions, name: str) -> None:
    """Refuse to compare predictions of different rows.

    Raises:
        UserError: when ids, targets, classes or their order differ.
    """
    if rows_hash(network) != rows_hash(other) or network.classes != other.classes:
        raise UserError(f"{name}: predictions of different rows cannot be compared. {AGAIN}")


def rows_hash(table: Predictions) -> str:
    """Return a hash of the ids and targets: the same for every model on the same test set."""
    names = table.classes
    targets = [names[number] for number in table.targets] if names else table.targets.tolist()
    digest = hashlib.blake2b(digest_size=16)
    for name, target in zip(table.ids, targets, strict=True):
        digest.update(f"{name}\n{target}\n".encode())
    return digest.hexdigest()


def outputs_hash(table: Predictions) -> str:
    """Return a hash of what a model says of its rows, to the fourth digit."""
    rounded = np.round(table.outputs.astype(np.float64), 4) + 0.0  # no -0.0
    return hashlib.blake2b(np.ascontiguousarray(rounded).tobytes(), digest_size=16).hexdigest()


def load_cells(file: Path, classes: list[str]) -> Cells:
    """Read what a model says of corrupted rows, cell by cell, each with its rows in one order."""
    table = pl.read_parquet(file)
    cells: Cells = {}
    for (corruption, severity), rows in table.group_by(
        "corruption", "severity", maintain_order=True
    ):
        targets, outputs = rows["target"], rows["prediction"]
        if classes:
            numbers = range(len(classes))
            targets = targets.replace_strict(classes, numbers, return_dtype=pl.Int64)
            predicted = outputs.replace_strict(classes, numbers, return_dtype=pl.Int64)
            values = np.eye(len(classes))[predicted.to_numpy()]
        else:
            values = outputs.to_numpy()
        cells[str(corruption), int(severity)] = Predictions(
            rows["id"].to_list(), classes, targets.to_numpy(), values
        )
    return cells
