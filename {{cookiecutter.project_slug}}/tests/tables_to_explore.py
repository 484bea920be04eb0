"""Tables for the tests of exploration: a real one, and whatever a test puts together."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer

from {{ cookiecutter.package_name }}.exploration.data import ExplorationData

PARTS = ["train", "val", "test"]


def explored(columns: dict[str, Any], target: str = "y", **options: Any) -> ExplorationData:
    """Columns as data to explore; every row is for training unless ``split`` says else."""
    frame = pd.DataFrame(columns)
    frame.index = pd.Index([f"row {number}" for number in range(len(frame))])
    options.setdefault("split", np.full(len(frame), "train"))
    options.setdefault("is_regression", False)
    for name in ("split", "group"):
        if options.get(name) is not None:
            options[name] = pd.Series(options[name], frame.index)
    return ExplorationData(frame, target, **options)


def cancer(columns: int = 30) -> ExplorationData:
    """Wisconsin breast cancer: up to 30 numbers, two classes, split at random."""
    loaded: Any = load_breast_cancer()
    features = dict(zip(loaded.feature_names[:columns], loaded.data.T[:columns], strict=True))
    target = loaded.target_names[loaded.target]
    split = np.random.default_rng(1).choice(PARTS, len(target), p=[0.7, 0.15, 0.15])
    return explored({**features, "diagnosis": target}, "diagnosis", split=split)


def two_classes(rows: int, seed: int = 0) -> tuple[dict[str, Any], np.random.Generator]:
    """A target of two classes, without regard to anything, and the generator that it came from."""
    generator = np.random.default_rng(seed)
    return {"y": generator.choice(["no", "yes"], rows)}, generator
