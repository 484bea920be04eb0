"""Networks, rows and requests for the tests of what is exported and served."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schema import Manifest, Statistics

NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {  # a choice of the group model, and its data
    "default": ("default", {}),
    "odd-size-in-color": (
        "cnn",
        {"image_size": 13, "channels": 3, "statistics": [Statistics([90.0] * 3, [40.0] * 3)]},
    ),
    "resnet": ("resnet", {"image_size": 17}),
}


def odd_rows(manifest: Manifest, rows: int) -> NDArray[np.uint8]:
    """Images of noise, of which some are black or white."""
    size, random = manifest.image_size, np.random.default_rng(rows)
    images = random.integers(0, 256, (rows, size, size, manifest.channels), np.uint8)
    images[1::5], images[2::5] = 0, 255
    return images


def as_request(images: Any) -> dict[str, Any]:
    """Return the JSON that asks a served model for what it says of ``raw_examples``."""
    return {"inputs": {"images": images.tolist()}}


def bad_requests(images: Any) -> list[tuple[dict[str, Any], str]]:
    """Requests that no model of such images can take, and what the answer must say."""
    return [
        (as_request(images[:, 1:]), "shape"),
        ({"inputs": {"pictures": images.tolist()}}, "images"),
        ({"inputs": {"images": [["not a pixel"]]}}, "not a pixel"),
        ({"pictures": 1}, "inputs"),
    ]
