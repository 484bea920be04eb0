"""Labels that came later: are the answers still as good as on the test rows?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..runtime.errors import UserError, nearest
from ..stats.unpaired import more_errors_p
from .columns import PREDICTION

FEWEST = 30  # labels before anything is said


@dataclass(frozen=True)
class Quality:
    """Error of served rows whose label came, beside that of the test rows."""

    rows: int
    error: float  # share of wrong answers, or mean absolute error
    before: float
    p_value: float  # of "no more error than before"
    worse: bool  # for sure, and by enough to matter

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def read_labels(file: Path) -> pl.DataFrame:
    """Return id and label.

    Raises:
        UserError: when there is no such file, or it lacks a column.
    """
    if not file.is_file():
        raise UserError(f"labels={file}: no such file.")
    try:
        read = pl.read_parquet if file.suffix == ".parquet" else pl.read_csv
        table = read(file)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"labels={file}: expected CSV or Parquet ({reason}).") from error
    for name in ("id", "label"):
        if name not in table.columns:
            raise UserError(f"{file}: no column {name}. {nearest(name, table.columns)}")
    return table.select("id", "label").drop_nulls().unique("id", keep="last")


def quality_of(
    rows: pl.DataFrame, labels: pl.DataFrame, before: np.ndarray, *, level: float, margin: float
) -> Quality | None:
    """Compare the served ``rows`` that have a label with the errors ``before``; None for few."""
    both = rows.join(labels, on="id", how="inner")
    if both.height < FEWEST:
        return None
    errors = errors_of(both[PREDICTION], both["label"])
    least = margin * (float(before.mean()) if both[PREDICTION].dtype.is_numeric() else 1)
    p_value = more_errors_p(errors, before)
    more = float(errors.mean() - before.mean())
    worse = bool(p_value < level and more >= least)
    return Quality(both.height, float(errors.mean()), float(before.mean()), p_value, worse)


def errors_of(said: pl.Series, labels: pl.Series) -> NDArray[np.float64]:
    """Return how far each value is from its label, or 1 where the class is another one."""
    if said.dtype.is_numeric():
        return (said - labels.cast(pl.Float64)).abs().to_numpy()
    wrong = said.cast(pl.String) != labels.cast(pl.String)
    return wrong.cast(pl.Float64).to_numpy()
