"""What the stored tables say of one example, and on which examples the network is most wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..runtime.errors import UserError

NETWORK = "network"
MOST_WRONG = 10
CLOSE = 1e-4  # of a probability, or as a share of a value: what batches and processors change


@dataclass(frozen=True)
class Record:
    """One row of one table."""

    model: str
    split: str
    fold: int | None  # whose network it is from
    target: str
    predicted: str
    right: bool | None  # None: a value is predicted
    output: NDArray[Any]  # probabilities (classes,), or one value


def find_records(network: Path, baselines: Path, name: str) -> list[Record]:
    """Return what every model's tables of val and test say of the example ``name``."""
    folders = {NETWORK: network}
    folders |= {one.name: one for one in sorted(baselines.iterdir()) if one.is_dir()}
    return [
        record
        for model, folder in folders.items()
        for split in ("val", "test")
        if (folder / f"{split}.parquet").exists()
        for record in _records(Predictions.load(folder / f"{split}.parquet"), model, split, name)
    ]


def _records(table: Predictions, model: str, split: str, name: str) -> Iterator[Record]:
    for row in np.flatnonzero(np.array(table.ids) == name):
        yield Record(
            model,
            split,
            None if table.fold is None else int(table.fold[row]),
            named(table.classes, table.targets[row]),
            named(table.classes, table.predicted[row]),
            bool(table.correct[row]) if table.classes else None,
            np.atleast_1d(table.outputs[row]),
        )


def named(classes: list[str], value: Any) -> str:
    """Return the name of a class, or a value as people read it."""
    return classes[int(value)] if classes else f"{float(value):.6g}"


def told(records: list[Record]) -> list[str]:
    """Return a line for each record: who says what, and whether that is right."""
    if not records:
        return ["none: it is a training row, and those are not scored"]
    width = max(len(record.model) for record in records)
    lines: list[str] = []
    for record in records:
        by = "" if record.fold is None else f", fold {record.fold}"
        start = f"{record.model:{width}}  {record.split}{by}: {record.predicted}"
        if record.right is None:
            error = float(record.output[0]) - float(record.target)
            lines.append(f"{start}  (error {error:+.6g})")
        else:
            right = "right" if record.right else "WRONG"
            lines.append(f"{start}  ({right}, {record.output.max():.4f} sure)")
    return lines


def agreement(records: list[Record], split: str, fold: int | None, output: NDArray[Any]) -> str:
    """Say whether the stored prediction is the one that was computed now."""
    for record in records:
        if (record.model, record.split, record.fold) != (NETWORK, split, fold):
            continue
        scale = 1.0 if record.right is not None else max(1.0, float(np.abs(output).max()))
        difference = float(np.abs(record.output - output).max())
        if difference <= CLOSE * scale:
            return "computed again, the network says the same as its stored prediction"
        return (
            f"computed again, the network says SOMETHING ELSE: it differs by {difference:.4g}. "
            "The stored table is stale, or was written by other code: `uv run dvc repro score`"
        )
    return "there is no stored prediction of this network to compare with"


def tell_wrong(network: Path, split: str, run: str | None) -> list[str]:
    """Return the rows of ``split`` on which the network is most wrong, each with its command.

    Those are the wrong ones of which it is surest, or the largest errors of values.

    Raises:
        UserError: when there is no table of this split.
    """
    file = network / f"{split}.parquet"
    if not file.exists():
        raise UserError(f"{file}: not there yet. `uv run dvc repro score` makes it.")
    table = Predictions.load(file)
    size = table.outputs.max(axis=1) if table.classes else np.abs(table.errors)
    wrong = np.flatnonzero(~table.correct) if table.classes else np.arange(len(table.ids))
    worst = sorted(wrong, key=lambda row: -size[row])[:MOST_WRONG]
    many = f"{len(wrong)} of {len(table.ids)} rows of {split} are wrong" if table.classes else ""
    title = many or f"the largest errors of {len(table.ids)} rows of {split}"
    lines = [f"{title}{'; the network was surest of these' if table.classes and worst else ''}:"]
    for row in worst:
        target, says = (named(table.classes, v[row]) for v in (table.targets, table.predicted))
        sure = f", {size[row]:.4f} sure" if table.classes else f", off by {size[row]:.4g}"
        command = _command(table, int(row), split, run)
        lines.append(f"  {command}   # {target}, taken for {says}{sure}")
    return lines


def _command(table: Predictions, row: int, split: str, run: str | None) -> str:
    words = [f'"{table.ids[row]}"' if set(table.ids[row]) & set(" '&$()") else table.ids[row]]
    words += [f"run={run}"] if run else []
    # A row of validation was predicted by the networks of folds that are not its own.
    words += [f"fold={table.fold[row]}"] if table.fold is not None and split == "val" else []
    return f"uv run debug-one {' '.join(words)}"
