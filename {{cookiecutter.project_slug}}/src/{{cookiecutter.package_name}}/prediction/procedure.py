"""Source -> table of predictions: piece by piece, in memory that does not grow with the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..checks.table import PROBABILITY
from ..predictor import Predictor
from ..progress import progress
from ..runtime.errors import PreemptedError, UserError
from ..tracking.lineage import file_hash
from .chunk import Chunk
from .parts import Parts
from .source import Source


def predict_files(model: Path, source: Source, destination: Path) -> tuple[int, int]:
    """Write what a model says of each row of ``source``; return how many were good and bad.

    The rows come in their order: what each is called, what else is kept, prediction, and of a
    classification the probability of each class. Bad rows are in a CSV file beside it.

    Raises:
        UserError: when no row can be predicted, or the place is in use.
        PreemptedError: when a person interrupts it; the same call goes on.
    """
    predictor = Predictor(model)
    made_from = {"model": file_hash(model / "program.pt2"), "source": source.facts}
    parts = Parts(destination, made_from)
    with parts.open() as begin:
        done = begin
        try:
            for chunk in _shown(source.chunks(begin), source, begin):
                outputs = predictor.predict(chunk.inputs)
                parts.add(done, tabled(chunk, outputs, predictor.classes), chunk.bad)
                done += 1
        except KeyboardInterrupt:
            told = f"interrupted after {done * source.size:,} rows; the same command goes on."
            raise PreemptedError("SIGINT", told) from None
        good, bad = parts.counts()
        beside = bad_beside(destination)
        if not good:
            name, reason = parts.first_bad()
            parts.discard()
            raise UserError(
                f"{source.path}: none of its {bad:,} rows can be read, the first of them "
                f"({name}) because of this: {reason}."
            )
        parts.publish(beside)
        if not bad:
            beside.unlink()
    return good, bad


def bad_beside(destination: Path) -> Path:
    """Return where the bad rows of a table of predictions are."""
    return destination.with_suffix(".bad.csv")


def tabled(chunk: Chunk, outputs: NDArray[np.floating], classes: list[str]) -> pl.DataFrame:
    """Return the predictions of a chunk as they are written."""
    if not classes:
        return chunk.named.with_columns(pl.Series("prediction", outputs))
    chosen = pl.Series(classes, dtype=pl.String).gather(outputs.argmax(axis=1))
    said: dict[str, Any] = {"prediction": chosen}
    said |= {PROBABILITY + name: outputs[:, place] for place, name in enumerate(classes)}
    return chunk.named.hstack(pl.DataFrame(said))


def _shown(chunks: Iterator[Chunk], source: Source, begin: int) -> Iterator[Chunk]:
    total = None if source.rows is None else -(-source.rows // source.size) - begin
    yield from progress(chunks, "predict", total)
