"""One table for both sides: what is known of a row, and what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..arrays import load_split
from ..model_folder import ModelFolder
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..serving.observed import observed
from ..serving.recorder import INPUT

PREDICTION, CONFIDENCE = "prediction", "probability of the prediction"
MOST_ROWS = 20_000  # of the reference; more change nothing that matters


@dataclass(frozen=True)
class Reference:
    """What served rows are compared with: rows that the model knows, and what it said of others."""

    inputs: pl.DataFrame  # of training rows
    outputs: pl.DataFrame  # of test rows, which it had not seen
    errors: np.ndarray  # of the same test rows: 1 where it was wrong, or absolute errors


def reference_of(model: Path, prepared: Path, predictions: Path) -> Reference:
    """Return the reference of the pipeline's model."""
    facts = ModelFolder(model).facts
    rows = load_split(prepared, "train", facts["fold"]).inputs
    step = max(1, len(rows) // MOST_ROWS)
    inputs = observed(np.asarray(rows[::step]), facts, sensitive=True)
    table = Predictions.load(predictions / "test.parquet")
    outputs = {PREDICTION: table.predicted.tolist()}
    if table.classes:
        outputs = {
            PREDICTION: [table.classes[place] for place in table.predicted],
            CONFIDENCE: table.probabilities.max(axis=1).tolist(),
        }
    errors = 1.0 - table.correct if table.classes else np.abs(table.errors)
    frame = pl.DataFrame(inputs, strict=False)
    return Reference(frame, pl.DataFrame(outputs), np.asarray(errors, np.float64))


def recorded_rows(folder: Path) -> pl.DataFrame:
    """Return what `serve` kept of all models.

    Raises:
        UserError: when there is nothing, or a file is damaged.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise UserError(f"{folder}: nothing recorded. `uv run serve record=inputs` does so.")
    try:
        tables = [pl.read_ndjson(_lines(file), infer_schema_length=None) for file in files]
    except pl.exceptions.PolarsError as error:
        raise UserError(f"{folder}: a file is damaged ({str(error).splitlines()[0]}).") from error
    known = [table for table in tables if "model_hash" in table.columns]
    return pl.concat(known, how="diagonal_relaxed") if known else pl.DataFrame()


def _lines(file: Path) -> bytes:
    """Return the whole lines: a service that was killed may have left half of one."""
    content = file.read_bytes()
    return content[: content.rfind(b"\n") + 1] or b"{}\n"


def rows_of(recorded: pl.DataFrame, model_hash: str) -> pl.DataFrame:
    """Return the rows that one model was asked for, in the order of time.

    Raises:
        UserError: when there are none.
    """
    rows = recorded.filter(model_hash=model_hash) if recorded.height else recorded
    if rows.is_empty():
        raise UserError(
            "no recorded row was answered by models/network; the service has another model. "
            "`uv run gate show` says which one is in use."
        )
    return rows.sort("time")


def window_of(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return inputs and outputs of recorded ``rows``, as ``Reference`` has them."""
    inputs = rows.select(name for name in rows.columns if name.startswith(INPUT))
    outputs: dict[str, Any] = {PREDICTION: rows[PREDICTION]}
    if "probabilities" in rows.columns:
        outputs[CONFIDENCE] = rows["probabilities"].struct.unnest().max_horizontal()
    return inputs.rename(lambda name: name.removeprefix(INPUT)), pl.DataFrame(outputs)
