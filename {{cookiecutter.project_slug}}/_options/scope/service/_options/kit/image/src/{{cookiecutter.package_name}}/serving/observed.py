"""What is known of images that were predicted, to be compared with those of training."""

from __future__ import annotations

from typing import Any

from ..schema import Images
from ..slices.facts import LIGHT, light


def observed(inputs: Images, facts: dict[str, Any], *, sensitive: bool) -> dict[str, list[Any]]:
    """Return brightness, contrast and sharpness of prepared images, in grey levels."""
    del facts, sensitive  # of images, nothing else is known
    return {name: light(inputs)[:, place].tolist() for place, name in enumerate(LIGHT)}
