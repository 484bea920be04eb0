"""What the tests of configurations and of the pipeline must know of this kit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.schema import Feature, Manifest, Statistics

QUICK = ["model.width=8", "model.embedding=2", "data.split.folds=0"]  # one small network, not six

# For tests/network_cases.py: kinds of targets, what is smaller there than in conf/model/NAME.yaml,
# and networks that need an extra of pyproject.toml, with a module of it.
TASKS = ["classes", "values"]
FOR_CHECKS: dict[str, list[str]] = {}
EXTRAS: dict[str, tuple[str, str]] = {}

# group, key, two values of which one is new, the stages that read the key
EDITS = [
    ("data", "path", ("source", "other"), {"ingest", "prepare"}),
    ("data", "split.test", (0.2, 0.25), {"ingest", "prepare"}),
    ("data", "on_bad", ("stop", "quarantine"), {"prepare"}),
    ("data", "batch_size", (64, 32), {"train"}),
    ("data", "augmentation.hide", (0.0, 0.1), {"train"}),
    ("model", "dropout", (0.1, 0.2), {"train"}),
]


def small_manifest() -> Manifest:
    """What a prepared table of three classes says of itself."""
    per_class = {"train": [3, 3, 3], "val": [1, 1, 1], "test": [1, 1, 1]}
    return Manifest(
        target="kind",
        classes=["a", "b", "c"],
        features=[Feature("size", None), Feature("color", ["blue", "red"])],
        others=[],
        columns={},
        rows={split: sum(counts) for split, counts in per_class.items()},
        rows_per_class=per_class,
        hashes=dict.fromkeys(per_class, "0"),
        folds=0,
        statistics=[Statistics([[step / 128 for step in range(129)]], [0.5], [0.3], 0.0, 1.0)],
        bad_rows=0,
        about="",
    )


def for_task(
    task: str, manifest: Manifest, targets: NDArray[np.int64]
) -> tuple[Manifest, NDArray[Any]]:
    """The manifest and targets of the same rows in a task of TASKS."""
    if task == "classes":
        return manifest, targets
    values = (46 + 4 * targets).astype(np.float32)
    about = replace(manifest.statistics[0], target_mean=50.0, target_std=3.3)
    return replace(manifest, classes=[], statistics=[about]), values


def raw_examples(pipeline: Path) -> tuple[Any, Any]:
    """Some rows as MLflow hands them to the logged model, and what the model says of them."""
    rows = load_split(pipeline / "data/prepared", "test")
    known = pl.read_parquet(pipeline / "data/prepared/samples.parquet")
    names = Manifest.load(pipeline / "data/prepared").sample_names
    chosen = known.filter(pl.col("id").is_in(rows.ids[:3]))
    table = pl.DataFrame([chosen[sample].rename(name) for name, sample in names.items()])
    return table.to_pandas(), Predictor(pipeline / "models/network").predict(rows.inputs[:3])


def spoil(rows: Path) -> str:
    """Make one of the rows of small_data.write_raw unreadable; return how it is called."""
    file = rows / "first.csv"
    lines = file.read_text("utf-8").splitlines()
    fields = lines[2].split(",")
    fields[2] = "much"  # of a number
    file.write_text("\n".join([*lines[:2], ",".join(fields), *lines[3:], ""]), "utf-8")
    return "2"
