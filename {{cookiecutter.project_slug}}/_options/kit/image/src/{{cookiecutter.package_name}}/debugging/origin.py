"""Where one image comes from, and what preparation made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image, ImageOps

from ..config.kit import Data
from ..leaks.finding import listed
from ..schema import Images, Manifest, read_image
from ..splits import Split

SHADES = " .:-=+*#%@"  # from black to white, by which a terminal shows a picture
WIDEST = 32  # characters


class Origin:
    """One row of samples.parquet on its way from data/raw to the network.

    Args:
        raw: data/raw.
        prepared: data/prepared.
        row: its columns in samples.parquet.
        data: the group ``data`` of the configuration.
        contracts: where a kit for tables has contracts; images have none.
    """

    def __init__(
        self, raw: Path, prepared: Path, row: dict[str, Any], data: Data, contracts: Path
    ) -> None:
        del contracts
        self.file, self.prepared, self.row, self.data = raw / row["id"], prepared, row, data

    def raw(self) -> list[str]:
        """Say where the file lies and what it is."""
        row = self.row
        if not self.file.is_file():
            gone = f"{self.file.as_posix()} is GONE"
            return [f"{gone}; `uv run dvc repro ingest` brings data/raw back"]
        with Image.open(self.file) as image:
            channels = len(image.getbands())
            kind = f"{image.format}, mode {image.mode} ({channels} channel{'s'[: channels > 1]})"
        size = f"{row['width']} x {row['height']} pixels (width x height)"
        return [
            self.file.as_posix(),
            f"{kind}, {size}, {self.file.stat().st_size:,} bytes, MD5 {row['content']}",
            f"label, by its folder: {row['label']}",
        ]

    def key(self) -> tuple[str, str, Split]:
        """Return what the split follows from, in words and as text, and the shares."""
        if self.row["group"] is not None:
            return f"its group {self.row['group']!r}", self.row["group"], self.data.split
        return "its content (the MD5 of the file)", self.row["content"], self.data.split

    def alike(self) -> list[str]:
        """Say which other files have the same content."""
        samples = pl.scan_parquet(self.prepared / "samples.parquet")
        same = samples.filter(
            (pl.col("content") == self.row["content"]) & (pl.col("id") != self.row["id"])
        ).collect()
        if same.is_empty():
            return ["no other file has the same content"]
        return [f"the same content as {listed(same['id'].to_list())}"]

    def prepared_as(
        self, inputs: Images, place: int, manifest: Manifest, fold: int | None
    ) -> list[str]:
        """Say what was stored, and how it compares with what the network is trained on.

        Args:
            inputs: the stored row (1, height, width, channels).
            place: its number in the array of its split, from 0 on.
            manifest: of data/prepared.
            fold: whose network sees it.
        """
        (image,), statistics = inputs, manifest.statistics_of(fold)
        how = "turned upright, made " + ("grey" if manifest.channels == 1 else "RGB")
        how += f", cropped to a square and resized to {image.shape[0]} x {image.shape[1]}"
        usual = f"mean {_list(statistics.mean)}  std {_list(statistics.std)}"
        return [
            f"{how}; row {place} of {self.row['split']}/images.npy",
            f"stored: {image.dtype} {image.shape}  {_amounts(image)}",
            f"training images, of each channel: {usual}",
            self._decoded_again(image, manifest),
            *as_text(image),
        ]

    def _decoded_again(self, image: Images, manifest: Manifest) -> str:
        if not self.file.is_file():
            return "the file cannot be decoded again: it is gone"
        again = read_image(self.file, manifest.image_size, manifest.channels)
        if np.array_equal(again, image):
            return "the file, decoded again, gives the same pixels"
        return "the file, decoded again, gives OTHER pixels: `uv run dvc repro prepare`"


def as_text(image: Images) -> list[str]:
    """Draw an image (height, width, channels) with characters, two for each pixel."""
    grey = Image.fromarray(image.mean(axis=-1).astype(np.uint8))
    small = ImageOps.contain(grey, (WIDEST, WIDEST)) if max(grey.size) > WIDEST else grey
    shades = np.asarray(small).astype(int) * len(SHADES) // 256
    return ["|" + "".join(2 * SHADES[shade] for shade in line) + "|" for line in shades]


def _amounts(values: Any) -> str:
    spread = f"from {values.min()} to {values.max()}"
    return f"mean {values.mean():.4f}  std {values.std():.4f}  {spread}"


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:.4f}" for value in values)
