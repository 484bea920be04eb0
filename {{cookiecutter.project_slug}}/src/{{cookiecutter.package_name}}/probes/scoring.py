"""What a model says of corrupted rows: each corruption, at each severity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Rows
from ..schema import Manifest
from .corruptions import applicable, corrupt
from .sampling import sample_rows

if TYPE_CHECKING:
    import polars as pl

Predict = Callable[[Any], NDArray[np.floating]]  # prepared inputs -> probabilities or values

SEVERITIES = (1, 2, 3, 4, 5)
VALUES = 2**22  # of the rows that are corrupted at a time


def score_corrupted(
    predict: Predict, rows: Rows, manifest: Manifest, fold: int | None, most: int
) -> pl.DataFrame:
    """Return a table of id, target, prediction, corruption and severity, and of the fold if any.

    Whichever model predicts, it gets the same rows, corrupted in the same way.

    Args:
        predict: the model.
        rows: of the test split, as ``fold`` sees it.
        manifest: of the prepared data.
        fold: the one whose rows these are; its statistics say how large a corruption is.
        most: rows that are corrupted.
    """
    import polars as pl

    ids = rows.ids
    places = sample_rows(ids, most)
    own = {"id": [ids[place] for place in places], "target": rows.targets[places]}
    cells: list[pl.DataFrame] = []
    for name in applicable(manifest):
        for severity in SEVERITIES:
            outputs = _outputs(predict, rows, places, (name, severity), (manifest, fold))
            predicted = outputs.argmax(axis=1) if manifest.classes else outputs
            cell = pl.DataFrame(own | {"prediction": predicted})
            labels = {"corruption": pl.lit(name), "severity": pl.lit(severity)}
            cells.append(cell.with_columns(**labels))
    table = pl.concat(cells)
    if manifest.classes:
        names = pl.Series(manifest.classes)
        table = table.with_columns(
            pl.Series(key, names.gather(table[key])) for key in ("target", "prediction")
        )
    return table if fold is None else table.with_columns(pl.lit(fold, pl.Int64).alias("fold"))


def _outputs(
    predict: Predict,
    rows: Rows,
    places: NDArray[np.int64],
    cell: tuple[str, int],
    about: tuple[Manifest, int | None],
) -> NDArray[np.floating]:
    """Return what the model says of the rows at ``places``, few in memory at a time."""
    step = max(1, VALUES // max(1, int(np.prod(rows.inputs.shape[1:]))))
    parts: list[NDArray[np.floating]] = []
    for start in range(0, len(places), step):
        some = np.array(rows.inputs[places[start : start + step]])
        parts.append(predict(corrupt(some, *cell, start, *about)))
    return np.concatenate(parts)
