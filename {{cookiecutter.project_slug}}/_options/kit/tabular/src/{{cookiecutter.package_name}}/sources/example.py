"""The example: tables of scikit-learn, with no download."""

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
}


def write(raw: Path, path: str | None) -> None:
    """Write a table of scikit-learn, with names for its classes and in its own units."""
    import polars as pl
    from sklearn.datasets import load_breast_cancer, load_diabetes

    if path not in ABOUT:
        raise UserError(f"data.path={path}: no such example. {nearest(str(path), ABOUT)}")
    raw.mkdir(parents=True)
    if path == "breast_cancer":
        data = cast(Any, load_breast_cancer())
        target = pl.Series("diagnosis", data.target_names[data.target])
    else:
        data = cast(Any, load_diabetes(scaled=False))
        target = pl.Series("progression", data.target)
    names = [name.replace(" ", "_") for name in data.feature_names]
    table = pl.DataFrame(data.data, names).with_columns(target)
    table.write_parquet(raw / "table.parquet")
    (raw / "ABOUT.txt").write_text(ABOUT[path], "utf-8", newline="\n")
    print(f"ingest: {len(table)} rows of {len(table.columns)} columns")
