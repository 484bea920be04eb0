"""What one raw image must be, and what the prepared data say about themselves."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .runtime.errors import UserError

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

SCHEMA_VERSION = 1
SPLITS = ("train", "val", "test")
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
CHANNELS_OF_MODE = {1: "L", 3: "RGB"}
GREY_MODES = ("1", "L", "LA", "I", "I;16", "I;16B", "F")

Images = NDArray[np.uint8]  # (rows, height, width, channels)


@dataclass(frozen=True)
class Manifest:
    """What data/prepared holds: the page that every later stage reads first."""

    image_size: int  # pixels a side
    channels: int
    classes: list[str]
    rows: dict[str, int]  # per split
    rows_per_class: dict[str, list[int]]  # per split, in the order of ``classes``
    hashes: dict[str, str]  # per split, over ids, labels and pixels
    mean: list[float]  # per channel, of the training images, in units of 0..255
    std: list[float]
    bad_files: list[str]  # left out because they could not be read
    about: str  # what the source says of itself
    schema_version: int = SCHEMA_VERSION

    @property
    def summary(self) -> str:
        """Say in a few words what the rows are."""
        color, size = "grey" if self.channels == 1 else "RGB", self.image_size
        return f"{sum(self.rows.values())} {color} images of {size}x{size} pixels"

    def save(self, folder: Path) -> None:
        """Write manifest.json into ``folder``."""
        (folder / "manifest.json").write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read manifest.json from ``folder``."""
        return cls(**json.loads((folder / "manifest.json").read_text("utf-8")))


def read_image(file: Any, size: int, channels: int) -> Images:
    """Decode one image as the network sees it: upright, cropped to a square, resized.

    Args:
        file: a path, or anything that Pillow opens.
        size: pixels a side of the result.
        channels: 1 for grey, 3 for RGB.

    Returns:
        uint8 array of shape (size, size, channels).

    Raises:
        OSError or another error of Pillow's, when the file is no whole image.
    """
    with Image.open(file) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith(("I", "F")):  # 16-bit scans: Pillow's own conversion clips them
            values = np.asarray(image, dtype=np.float64).clip(0)
            white = max(values.max(), 1 if image.mode == "F" and values.max() <= 1 else 255)
            image = Image.fromarray((255 * values / white).astype(np.uint8))
        image = image.convert(CHANNELS_OF_MODE[channels])
    if image.size != (size, size):
        image = ImageOps.fit(image, (size, size), Image.Resampling.BILINEAR)
    return np.asarray(image).reshape(size, size, channels)


def sample_schema() -> pa.DataFrameSchema:
    """The contract of the table of raw images: one row a file."""
    import pandera.polars as pa
    import polars as pl

    return pa.DataFrameSchema(
        {
            "id": pa.Column(pl.String, unique=True),
            "label": pa.Column(pl.String, pa.Check.str_length(min_value=1)),
            "width": pa.Column(pl.Int64, pa.Check.in_range(1, 100_000)),
            "height": pa.Column(pl.Int64, pa.Check.in_range(1, 100_000)),
            "grey": pa.Column(pl.Boolean),
        },
        strict=True,
    )


def validate(samples: pl.DataFrame) -> pl.DataFrame:
    """Return ``samples`` if it keeps the contract.

    Raises:
        UserError: with the first column, value and rule that it breaks, and how many more.
    """
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    try:
        # Without this, pandera checks the types of a polars frame but not its values.
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return sample_schema().validate(samples, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        case = cases.row(0, named=True)
        raise UserError(
            f"data/raw: {case['column']}={case['failure_case']} breaks {case['check']} "
            f"({len(cases)} cases in all)."
        ) from errors


def as_html(image: Images) -> str:
    """Return one prepared image (height, width, channels) as an HTML element that needs no file."""
    stream = io.BytesIO()
    Image.fromarray(image.squeeze()).save(stream, "PNG")
    return (
        f'<img alt="" src="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}">'
    )
