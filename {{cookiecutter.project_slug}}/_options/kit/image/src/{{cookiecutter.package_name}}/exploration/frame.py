"""The prepared images as people look at them: a few facts of each, and some of the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from ..classical.models import features_of
from ..schema import Images, Manifest, as_html
from ..splits import SPLITS
from .data import MOST_ROWS, ExplorationData
from .directions import MOST_AXES, MOST_POINTS

MOST_PICTURES = 4  # of a class


def exploration_data(prepared: Path, most_rows: int = MOST_ROWS) -> ExplorationData:
    """Return size, brightness and contrast of each image; of a large set of every n-th."""
    manifest = Manifest.load(prepared)
    total = sum(manifest.rows.values())
    step = max(1, -(-total // most_rows))
    samples = pl.read_parquet(prepared / "samples.parquet")
    tables: list[pl.DataFrame] = []
    pictures: list[tuple[str, str]] = []
    pixels: list[pd.DataFrame] = []
    for split in SPLITS:
        images = np.load(prepared / split / "images.npy", mmap_mode="r")[::step]
        rows = samples.filter(pl.col("split") == split).gather_every(step)
        light = [(image.mean(), image.std()) for image in images]  # one at a time: they may be many
        types = {"brightness": pl.Float64, "contrast": pl.Float64}
        facts = pl.DataFrame(light, types, orient="row")
        tables.append(pl.concat([rows, facts], how="horizontal"))
        if split == "train" or manifest.folds:
            pixels.append(_pixels(images, rows["id"], manifest))
        if split == "train":
            first = rows.with_row_index("row").group_by("label", maintain_order=True)
            for place, label in first.head(MOST_PICTURES).select("row", "label").rows():
                pictures.append((label, as_html(images[place], manifest)))
    table = pl.concat(tables)
    chosen = ["label", "width", "height", "brightness", "contrast"]
    frame = table.select(chosen).to_pandas()
    frame.index = table["id"].to_pandas()
    part = pl.format("fold {}", "fold") if manifest.folds else pl.col("split")
    group = table["group"] if table["group"].null_count() < len(table) else None
    return ExplorationData(
        frame=frame,
        target="label",
        is_regression=False,
        split=table.select(part).to_series().to_pandas(),
        group=None if group is None else group.to_pandas(),
        units={"width": "pixels", "height": "pixels"},
        pictures=pictures,
        inputs=pd.concat(pixels),
        total_rows=total,
        about=manifest.about,
    )


def _pixels(images: Images, ids: pl.Series, manifest: Manifest) -> pd.DataFrame:
    """Pixels of some images, a row each, standardised and of large ones averaged over patches."""
    step = max(1, -(-len(images) // MOST_POINTS))
    seen = features_of(images[::step], manifest, None, MOST_AXES // manifest.channels)
    return pd.DataFrame(seen, ids[::step].to_list()).rename_axis(columns="pixel values")
