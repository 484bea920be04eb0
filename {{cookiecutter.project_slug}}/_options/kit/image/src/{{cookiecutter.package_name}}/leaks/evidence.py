"""What may tell of a leak between the parts of the prepared images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from ..schema import Manifest
from ..splits import SPLITS
from .finding import Finding
from .groups import shared_groups
from .pictures import near_pictures
from .telling import telling_features

FACTS = ["width", "height", "grey"]  # of the file: a class that is told by them is not seen


def find_leaks(prepared: Path) -> list[Finding]:
    """Return what leaks between the parts of data/prepared."""
    manifest = Manifest.load(prepared)
    samples = pl.read_parquet(prepared / "samples.parquet")
    samples = pl.concat([samples.filter(pl.col("split") == split) for split in SPLITS])
    samples = samples.with_columns(
        pl.col("fold" if manifest.folds else "split").alias("part"),
        pl.col("label").alias("target"),
        pl.col("grey").cast(pl.Float64),
    )
    images = [np.load(prepared / split / "images.npy", mmap_mode="r") for split in SPLITS]
    findings = near_pictures(images, samples["id"].to_list(), samples["part"].to_list())
    if samples["group"].null_count() < len(samples):
        findings += shared_groups(samples.lazy(), "group")
    return findings + telling_features(samples.lazy(), FACTS, manifest.classes)
