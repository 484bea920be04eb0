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

SCHEMA_VERSION = 2
PREDICTS_WITH = ("torch", "numpy", "pillow")  # what a model folder needs beside this package
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
MOST_NAMES = 20  # of files, in a sentence
CHANNELS_OF_MODE = {1: "L", 3: "RGB"}
GREY_MODES = ("1", "L", "LA", "I", "I;16", "I;16B", "F")

Images = NDArray[np.uint8]  # (rows, height, width, channels)


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of each channel over training images, in units of 0..255."""

    mean: list[float]
    std: list[float]


@dataclass(frozen=True)
class Manifest:
    """What data/prepared holds: the page that every later stage reads first."""

    image_size: int  # pixels a side
    channels: int
    classes: list[str]
    rows: dict[str, int]  # per split
    rows_per_class: dict[str, list[int]]  # per split, in the order of ``classes``
    hashes: dict[str, str]  # per split, over ids, labels, folds and pixels
    folds: int  # of cross-validation; 0: the test split is large enough
    statistics: list[Statistics]  # of what the released network trains on, and of each fold
    bad_files: list[str]  # left out because they could not be read
    about: str  # what the source says of itself
    schema_version: int = SCHEMA_VERSION

    @property
    def summary(self) -> str:
        """Say in a few words what the rows are."""
        color, size = "grey" if self.channels == 1 else "RGB", self.image_size
        return f"{sum(self.rows.values())} {color} images of {size}x{size} pixels"

    @property
    def left_out(self) -> str:
        """Say which files are not among the rows, if any."""
        names, more = self.bad_files[:MOST_NAMES], len(self.bad_files) - MOST_NAMES
        if not names:
            return ""
        listed = ", ".join(names) + (f" and {more} more" if more > 0 else "")
        return f"{len(self.bad_files)} files left out because they cannot be read: {listed}."

    @property
    def needed_to_predict(self) -> dict[str, Any]:
        """What a model folder must know of the data it was trained on."""
        return {name: getattr(self, name) for name in ("classes", "image_size", "channels")}

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
        statistics = [Statistics(**entry) for entry in facts["statistics"]]
        return cls(**facts | {"statistics": statistics})


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
            "content": pa.Column(pl.String),
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


def as_html(image: Images, manifest: Manifest) -> str:
    """Return one prepared image (height, width, channels) as an HTML element that needs no file."""
    del manifest  # a picture says everything itself
    stream = io.BytesIO()
    Image.fromarray(image.squeeze()).save(stream, "PNG")
    return (
        f'<img alt="" src="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}">'
    )


def signature(manifest: Manifest) -> tuple[Any, Any]:
    """Return MLflow's schemas of the input and of the output."""
    from mlflow.types import Schema, TensorSpec

    size = manifest.image_size
    images = TensorSpec(np.dtype(np.uint8), (-1, size, size, manifest.channels), "images")
    probabilities = TensorSpec(np.dtype(np.float32), (-1, len(manifest.classes)))
    return Schema([images]), Schema([probabilities])
