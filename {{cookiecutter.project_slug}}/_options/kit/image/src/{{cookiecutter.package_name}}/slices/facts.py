"""What is known of an image beside its pixels: the facts that slices are made of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..schema import Images

VALUES = 2**22  # of the images in memory at a time
LIGHT = ["brightness", "contrast", "sharpness"]


def facts_of(
    prepared: Path, ids: list[str], inputs: Images, named: Collection[str] = ()
) -> pl.DataFrame:
    """Return the facts of prepared images, one row each.

    Of the file: ``width`` and ``height`` in pixels. Of the prepared image, in grey levels 0..255:
    ``brightness`` (mean), ``contrast`` (standard deviation), ``sharpness`` (mean difference of
    neighbouring pixels). And ``group``, where images have one.

    Args:
        prepared: data/prepared.
        ids: of the images.
        inputs: uint8 (rows, height, width, channels).
        named: facts that must be there; of images all of them always are.
    """
    del named
    samples = pl.read_parquet(
        prepared / "samples.parquet", columns=["id", "width", "height", "group"]
    )
    if samples["group"].null_count() == len(samples):
        samples = samples.drop("group")
    of_files = pl.DataFrame({"id": ids}).join(samples, on="id", how="left", maintain_order="left")
    of_pixels = pl.DataFrame(light(inputs), LIGHT, orient="row").cast(pl.Float64)
    return pl.concat([of_files.drop("id"), of_pixels], how="horizontal")


def sensitive_of(prepared: Path) -> list[str]:
    """Return the facts that are sensitive by themselves: of images none is."""
    del prepared
    return []


def light(images: Images) -> NDArray[np.float64]:
    """Return the facts ``LIGHT`` of prepared images, (rows, 3)."""
    found = np.zeros((len(images), 3))
    step = max(1, VALUES // max(1, int(np.prod(images.shape[1:]))))
    for start in range(0, len(images), step):
        pixels = images[start : start + step].astype(np.float32)
        down, across = (np.abs(np.diff(pixels, axis=axis)).mean((1, 2, 3)) for axis in (1, 2))
        columns = [pixels.mean((1, 2, 3)), pixels.std((1, 2, 3)), (down + across) / 2]
        found[start : start + step] = np.stack(columns, axis=1)
    return found
