"""What the tests of configurations and of the pipeline must know of this kit."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.schema import Manifest, Statistics

QUICK = ["model.width=4"]  # the smallest network that still is one

# For tests/network_cases.py: kinds of targets, what is smaller there than in conf/model/NAME.yaml,
# and networks that need an extra of pyproject.toml, with a module of it.
TASKS = ["classes"]
SMALL_BACKBONE = ["model.backbone=test_resnet", "model.weights=null", "model.frozen_epochs=0"]
FOR_CHECKS = {"pretrained": SMALL_BACKBONE}
EXTRAS = {"pretrained": ("pretrained", "timm")}

# group, key, two values of which one is new, the stages that read the key
EDITS = [
    ("data", "path", ("source", "other"), {"ingest"}),
    ("data", "split.test", (0.2, 0.25), {"prepare"}),
    ("data", "split.salt", (0, 1), {"prepare"}),
    ("data", "group", ("^a", "^b"), {"prepare"}),
    ("data", "on_bad", ("stop", "quarantine"), {"prepare"}),
    ("data", "fold", (0, 1), {"train", "baselines"}),
    ("data", "batch_size", (64, 32), {"train"}),
    ("data", "memory_share", (0.5, 0.0), {"train"}),
    ("data", "augmentation.rotate", (10.0, 5.0), {"train"}),
    ("model", "dropout", (0.1, 0.2), {"train"}),
]


def small_manifest() -> Manifest:
    """What prepared data of three classes say of themselves."""
    per_class = {"train": [3, 3, 3], "val": [1, 1, 1], "test": [1, 1, 1]}
    return Manifest(
        image_size=12,
        channels=1,
        classes=["a", "b", "c"],
        rows={split: sum(counts) for split, counts in per_class.items()},
        rows_per_class=per_class,
        hashes=dict.fromkeys(per_class, "0"),
        folds=0,
        statistics=[Statistics(mean=[100.0], std=[50.0])],
        bad_files=[],
        about="",
    )


def for_task(
    task: str, manifest: Manifest, targets: NDArray[np.int64]
) -> tuple[Manifest, NDArray[Any]]:
    """The manifest and targets of the same rows in a task of TASKS."""
    assert task == "classes"
    return manifest, targets


def raw_examples(pipeline: Path) -> tuple[Any, Any]:
    """Some rows as MLflow hands them to the logged model, and what the model says of them."""
    images = load_split(pipeline / "data/prepared", "test").inputs[:3]
    return np.array(images), Predictor(pipeline / "models/network").predict(images)


def spoil(rows: Path) -> str:
    """Make one of the rows of small_data.write_raw unreadable; return how it is called."""
    file = sorted(rows.glob("*/*.png"))[1]
    file.write_bytes(file.read_bytes()[:60])
    return file.relative_to(rows).as_posix()
