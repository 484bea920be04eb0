"""Rows as the leak tests take them, from data sets that come with libraries."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

SHARES = {"train": 0.65, "val": 0.15, "test": 0.2}


def parts(rows: int, seed: int = 0) -> NDArray[np.str_]:
    """Draw a part for each row."""
    return np.random.default_rng(seed).choice(list(SHARES), rows, p=list(SHARES.values()))


def prepared(
    columns: Mapping[str, ArrayLike], target: ArrayLike | None = None, *, seed: int = 0
) -> pl.DataFrame:
    """Add id, part and target to columns."""
    table = pl.DataFrame({name: np.asarray(values) for name, values in columns.items()})
    answers = np.zeros(table.height) if target is None else np.asarray(target)
    return table.with_columns(
        pl.Series("id", [f"r{row}" for row in range(table.height)], pl.String),
        pl.Series("part", parts(table.height, seed), pl.String),
        pl.Series("target", answers),
    )


def classic(name: str) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Return features and target of a data set of scikit-learn."""
    from sklearn import datasets

    features, target = getattr(datasets, f"load_{name}")(return_X_y=True)
    return {f"f{place}": column for place, column in enumerate(features.T)}, target


def survey(name: str, target: str) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Return features and target of a data set of statsmodels."""
    from statsmodels import datasets

    table = getattr(datasets, name).load_pandas().data
    columns = {column: table[column].to_numpy() for column in table}
    return columns, columns.pop(target)


def copied(table: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Return copies of the first rows of train, as rows of test with ids of their own."""
    copies = table.filter(pl.col("part") == "train").head(rows)
    return copies.with_columns(part=pl.lit("test"), id="copy of " + pl.col("id"))
