"""Small real data for the tests: images in class folders, and what to configure for them."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from PIL import Image

from {{ cookiecutter.package_name }}.arrays import inspect
from {{ cookiecutter.package_name }}.config.kit import Color, OnBad
from {{ cookiecutter.package_name }}.prepare import prepare
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import Split, split_of

CLASSES = ["R&D, $5-$9", "grüne Äpfel", "it's"]  # in the order of the manifest
SIDE = 8  # pixels
PNG_HEADER = 41  # bytes, after which the pixels follow
SHARES = Split(val=0.15, test=0.2, folds=0, salt=0)
IN_FOLDS = Split(val=0.15, test=0.2, folds=3, salt=0)
SOURCE = "folder"  # data.source of what write_raw writes
OVERRIDES = [
    "data.source=folder",
    "data.path=source",
    "data.image_size=null",
    "data.color=auto",
    "data.split.val=0.15",
    "data.split.test=0.2",
    "data.split.folds=0",
    "data.batch_size=16",
    "model=cnn",
    "model.width=4",
    "model.blocks=1",
]


def picture(label: int, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Upright stripes, lying stripes or a chessboard, under noise."""
    rows, columns = np.indices((SIDE, SIDE))
    bright = [columns, rows, rows + columns][label] % 2
    return (120 * bright + generator.integers(0, 60, (SIDE, SIDE))).astype(np.uint8)


def write_raw(folder: Path, per_class: int = 40, classes: list[str] | None = None) -> Path:
    """Write grey PNG files, one folder a class."""
    generator = np.random.default_rng(0)
    for label, name in enumerate(classes or CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(per_class):
            image = Image.fromarray(picture(label % 3, generator))
            image.save(folder / name / f"{number:03d}.png")
    return folder


def write_many(folder: Path) -> Path:
    """Write as many images as a test split needs; a folder of another name has others."""
    return write_raw(folder, per_class=500 + len(folder.name))


def prepare_small(
    raw: Path,
    destination: Path,
    *,
    split: Split = SHARES,
    group: str | None = None,
    color: Color = Color.auto,
    on_bad: OnBad = OnBad.stop,
) -> Manifest:
    """Prepare ``raw`` as the stage does."""
    return prepare(
        raw, destination, split=split, group=group, image_size=None, color=color, on_bad=on_bad
    )


def in_split(raw: Path, split: str, shares: Split = SHARES) -> list[Path]:
    """The images whose content the hash puts into ``split``."""
    samples, _ = inspect(raw)
    rows = samples.filter(split_of(pl.col("content"), shares) == split)
    return [raw / name for name in rows["id"].sort()]
