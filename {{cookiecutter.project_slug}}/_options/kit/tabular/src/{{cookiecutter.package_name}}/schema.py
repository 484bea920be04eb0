"""What the prepared table says about itself, and where its contract lies."""

from __future__ import annotations

import html
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCHEMA_VERSION = 2
# What a model folder needs beside this package.
PREDICTS_WITH = ("torch", "numpy", "polars", "pyarrow")
SHOWN_VALUES = 6  # of a row, in the report
OWN_COLUMNS = ("id", "group", "time", "split", "fold", "target", "part")

Table = NDArray[np.float32]  # (rows, features): numbers, then categories as codes


@dataclass(frozen=True)
class Feature:
    """One column that the network sees. Numbers come first; a number has no categories."""

    name: str
    categories: list[str] | None  # code 0 is missing or never seen in training, 1 the first


@dataclass(frozen=True)
class Statistics:
    """What the network's preprocessing knows of its training rows."""

    quantiles: list[list[float]]  # of each number, at equal steps from the least to the largest
    mean: list[float]
    std: list[float]
    target_mean: float  # of a regression
    target_std: float


@dataclass(frozen=True)
class Manifest:
    """What data/prepared holds: the page that every later stage reads first."""

    target: str
    classes: list[str]  # none: a regression
    features: list[Feature]
    others: list[str]  # columns that are no features and have no role
    columns: dict[str, Any]  # of the features, by which rows to predict are read
    rows: dict[str, int]  # per split
    rows_per_class: dict[str, list[int]]  # per split, in the order of ``classes``
    hashes: dict[str, str]  # per split, over ids, targets and features
    folds: int  # of cross-validation; 0: the test split is large enough
    statistics: list[Statistics]  # of what the released network trains on, and of each fold
    bad_rows: int  # moved to quarantine.parquet because they break the contract
    about: str  # what the source says of itself
    schema_version: int = SCHEMA_VERSION

    @property
    def numbers(self) -> int:
        """How many of the features are numbers."""
        return sum(feature.categories is None for feature in self.features)

    @property
    def sample_names(self) -> dict[str, str]:
        """What each column is called in samples.parquet."""
        return sample_names([*(feature.name for feature in self.features), *self.others])

    @property
    def summary(self) -> str:
        """Say in a few words what the rows are."""
        kinds = f"{self.numbers} numbers and {len(self.features) - self.numbers} categories"
        return f"{sum(self.rows.values())} rows of {kinds}, to predict {self.target}"

    @property
    def left_out(self) -> str:
        """Say how many rows are not among these, if any."""
        if not self.bad_rows:
            return ""
        return f"{self.bad_rows} rows in quarantine because they break the contract."

    @property
    def needed_to_predict(self) -> dict[str, Any]:
        """What a model folder must know of the data it was trained on."""
        facts = asdict(self)
        known = {name: facts[name] for name in ("target", "classes", "features", "columns")}
        numbers = [feature.name for feature in self.features if feature.categories is None]
        middle = [one[len(one) // 2] for one in self.statistics[0].quantiles]
        typical = dict(zip(numbers, middle, strict=True))
        return known | {"typical": typical, "target_std": self.statistics[0].target_std}

    def statistics_of(self, fold: int | None) -> Statistics:
        """Return the statistics of the rows that the network of ``fold`` trains on."""
        return self.statistics[0 if fold is None else 1 + fold]

    def save(self, folder: Path) -> None:
        """Write manifest.json into ``folder``."""
        (folder / "manifest.json").write_text(
            json.dumps(asdict(self), indent=1) + "\n", "utf-8", newline="\n"
        )

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read manifest.json from ``folder``."""
        facts = json.loads((folder / "manifest.json").read_text("utf-8"))
        features = [Feature(**entry) for entry in facts["features"]]
        statistics = [Statistics(**entry) for entry in facts["statistics"]]
        return cls(**facts | {"features": features, "statistics": statistics})


def sample_names(columns: list[str]) -> dict[str, str]:
    """Return what each column is called in samples.parquet.

    That has columns of its own, and polars reads names like "*" and "^a$" as patterns.
    """
    taken = {*OWN_COLUMNS, *columns}
    names: dict[str, str] = {}
    for name in columns:
        sample = name
        while _is_special(sample) or (sample != name and sample in taken):
            sample = f"column {sample}"
        names[name] = sample
    return names


def _is_special(name: str) -> bool:
    return name in OWN_COLUMNS or name == "*" or (name[:1] == "^" and name[-1:] == "$")


def as_html(row: NDArray[np.float32], manifest: Manifest) -> str:
    """Return the first values of one prepared row (features,) as an HTML element."""
    shown = zip(manifest.features[:SHOWN_VALUES], row.tolist(), strict=False)
    lines = [f"{html.escape(feature.name)}: {_value(feature, value)}" for feature, value in shown]
    more = len(manifest.features) - SHOWN_VALUES
    return f'<p class="soft">{"<br>".join(lines)}{f"<br>and {more} more" if more > 0 else ""}</p>'


def _value(feature: Feature, value: float) -> str:
    if feature.categories is None:
        return "missing" if np.isnan(value) else f"{value:.4g}"
    return html.escape(feature.categories[int(value) - 1]) if value else "missing or new"


def signature(manifest: Manifest) -> tuple[Any, Any]:
    """Return MLflow's schemas of the input and of the output."""
    from mlflow.types import ColSpec, Schema, TensorSpec
    from mlflow.types.schema import AnyType

    # Of any type: MLflow would refuse whole numbers for a column of numbers. ``readable`` checks.
    columns: list[Any] = [
        ColSpec(AnyType(), feature.name, required=False) for feature in manifest.features
    ]
    shape = (-1, len(manifest.classes)) if manifest.classes else (-1,)
    return Schema(columns), Schema([TensorSpec(np.dtype(np.float32), shape)])
