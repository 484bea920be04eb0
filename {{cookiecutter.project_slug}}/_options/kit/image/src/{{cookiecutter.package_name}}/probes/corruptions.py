"""Images as cameras and scanners may give them: four families at five severities.

After Hendrycks & Dietterich (2019), in numpy: noise is as strong as in their ImageNet-C, contrast
as in their CIFAR-10-C.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..schema import Images, Manifest

NOISE = (0.08, 0.12, 0.18, 0.26, 0.38)  # standard deviation, as a share of the full range
CONTRAST = (0.75, 0.5, 0.4, 0.3, 0.15)  # what is left of the difference to the image's mean
DROPOUT = (0.05, 0.1, 0.2, 0.35, 0.5)  # share of the patches that are erased
SHIFT = (0.04, 0.08, 0.12, 0.16, 0.2)  # share of the side by which the image is moved
PATCHES = 8  # along a side

Floats = NDArray[np.float32]


def applicable(manifest: Manifest) -> list[str]:
    """Return the corruptions that the data can have: of images all."""
    del manifest
    return list(CORRUPTIONS)


def corrupt(
    inputs: Images, name: str, severity: int, seed: int, manifest: Manifest, fold: int | None = None
) -> Images:
    """Return corrupted copies of images.

    Args:
        inputs: uint8 (rows, height, width, channels).
        name: a key of CORRUPTIONS.
        severity: 1 to 5.
        seed: with name and severity it says what is drawn.
        manifest: of the prepared data, as for tables.
        fold: likewise.

    Raises:
        ValueError: for a severity that there is not.
    """
    del manifest, fold
    if not 1 <= severity <= len(NOISE):
        raise ValueError(f"severity is {severity}: expected 1 to {len(NOISE)}")
    generator = np.random.default_rng([seed, severity, *name.encode()])
    changed = CORRUPTIONS[name](inputs.astype(np.float32), severity - 1, generator)
    return np.rint(changed.clip(0, 255)).astype(np.uint8)


def noise(images: Floats, step: int, generator: np.random.Generator) -> Floats:
    """Add Gaussian noise to each value."""
    drawn = generator.standard_normal(images.shape, dtype=np.float32)
    return (images + 255 * NOISE[step] * drawn).astype(np.float32)


def contrast(images: Floats, step: int, generator: np.random.Generator) -> Floats:
    """Draw each image towards its own mean."""
    del generator
    mean = images.mean(axis=(1, 2, 3), keepdims=True)
    return (mean + CONTRAST[step] * (images - mean)).astype(np.float32)


def dropout(images: Floats, step: int, generator: np.random.Generator) -> Floats:
    """Erase square patches: a share of them, drawn for each image, becomes black."""
    rows, height, width, _ = images.shape
    size = max(1, -(-max(height, width) // PATCHES))
    across, down = -(-width // size), -(-height // size)
    count = max(1, round(DROPOUT[step] * across * down))
    order = generator.random((rows, down * across)).argsort(axis=1).argsort(axis=1)
    erased = (order < count).reshape(rows, down, across)
    mask = erased.repeat(size, axis=1).repeat(size, axis=2)[:, :height, :width, None]
    return np.where(mask, np.float32(0), images)


def shift(images: Floats, step: int, generator: np.random.Generator) -> Floats:
    """Move each image in a direction of its own, between pixels too; its edges are continued."""
    angle = generator.uniform(0, 2 * np.pi, len(images))
    distance = SHIFT[step] * max(images.shape[1:3])
    moved = _moved(images, distance * np.sin(angle), axis=1)
    return _moved(moved, distance * np.cos(angle), axis=2)


def _moved(images: Floats, by: NDArray[np.float64], axis: int) -> Floats:
    """Move each image by so many pixels along one axis, linear between two of them."""
    length = images.shape[axis]
    shape = [len(images), 1, 1, 1]
    whole = np.floor(by).astype(np.int64)
    part = (by - whole).reshape(shape).astype(np.float32)
    shape[axis] = length
    places = np.arange(length) - whole[:, None]
    near, far = (
        np.take_along_axis(images, at.clip(0, length - 1).reshape(shape), axis)
        for at in (places, places - 1)
    )
    return ((1 - part) * near + part * far).astype(np.float32)


CORRUPTIONS: dict[str, Callable[[Floats, int, np.random.Generator], Floats]] = {
    "noise": noise,
    "contrast": contrast,
    "dropout": dropout,
    "shift": shift,
}
