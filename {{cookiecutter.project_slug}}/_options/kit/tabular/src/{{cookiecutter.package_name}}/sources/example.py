"""The example: tables of scikit-learn, and a made-up one, with no download."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from ..runtime.errors import UserError, nearest

ABOUT = {
    "breast_cancer": (
        "Breast cancer Wisconsin (diagnostic) of scikit-learn: 30 measures of the cell nuclei in "
        "569 fine needle aspirates, to tell benign from malignant.\n"
    ),
    "diabetes": (
        "Diabetes of scikit-learn: age, sex, body mass index, blood pressure and six serum "
        "measures of 442 patients, to predict the progression of the disease a year later.\n"
    ),
    "smooth": (
        "Made up, so that the truth is known (Friedman 1991): ten even numbers x1 to x10, and "
        "y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5, with normal noise of deviation 1. "
        "No model comes nearer than 0.80 in mean absolute error.\n"
    ),
    "steps": (
        "Made up, so that the truth is known: ten even numbers x1 to x10, and "
        "y = 10 [x1 > 0.5][x2 > 0.3] + 5 [x3 > 0.6] + 8 [x4 > 0.35] + 4 [x5 > 0.7], with normal "
        "noise of deviation 1. No model comes nearer than 0.80 in mean absolute error.\n"
    ),
}
MADE_ROWS = 2000


def write(raw: Path, path: str | None) -> None:
    """Write a table, with names for its classes and in its own units."""
    import polars as pl
    from sklearn.datasets import load_breast_cancer, load_diabetes

    if path not in ABOUT:
        raise UserError(f"data.path={path}: no such example. {nearest(str(path), ABOUT)}")
    raw.mkdir(parents=True)
    if path == "breast_cancer":
        data = cast(Any, load_breast_cancer())
        target = pl.Series("diagnosis", data.target_names[data.target])
    elif path == "diabetes":
        data = cast(Any, load_diabetes(scaled=False))
        target = pl.Series("progression", data.target)
    else:
        data = _made(path)
        target = pl.Series("y", data.target)
    names = [name.replace(" ", "_") for name in data.feature_names]
    table = pl.DataFrame(data.data, names).with_columns(target)
    table.write_parquet(raw / "table.parquet")
    (raw / "ABOUT.txt").write_text(ABOUT[path], "utf-8", newline="\n")
    print(f"ingest: {len(table)} rows of {len(table.columns)} columns")


def _made(path: str) -> Any:
    import numpy as np
    from sklearn.utils import Bunch

    random = np.random.default_rng(0)
    values, noise = random.random((MADE_ROWS, 10)), random.normal(size=MADE_ROWS)
    x1, x2, x3, x4, x5 = values.T[:5]
    if path == "smooth":
        truth = 10 * np.sin(np.pi * x1 * x2) + 20 * (x3 - 0.5) ** 2 + 10 * x4 + 5 * x5
    else:
        truth = 10 * (x1 > 0.5) * (x2 > 0.3) + 5 * (x3 > 0.6) + 8 * (x4 > 0.35) + 4 * (x5 > 0.7)
    names = [f"x{number}" for number in range(1, 11)]
    return Bunch(data=values, target=truth + noise, feature_names=names)
