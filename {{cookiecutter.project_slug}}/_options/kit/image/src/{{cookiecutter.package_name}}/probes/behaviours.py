"""What any classifier of images should do, whatever they show."""

from __future__ import annotations

from ..config.kit import Behaviour as Settings
from ..schema import Manifest
from . import changes, checks
from .checking import Behaviour


def behaviours_for(manifest: Manifest, settings: Settings) -> list[Behaviour]:
    """Return the checks; of images they are always the same."""
    del manifest, settings
    return BEHAVIOURS


BEHAVIOURS = [
    Behaviour(
        "typical images are recognised",
        "minimum functionality",
        False,
        "what looks most like its class is the easiest case there is",
        changes.typical,
    ),
    Behaviour(
        "a blank image gets valid probabilities",
        "minimum functionality",
        True,
        "a lens cap or a white page must not break what reads the answer",
        changes.blank,
    ),
    Behaviour(
        "an image alone is answered as among others",
        "invariance",
        True,
        "a service gets images one by one, and the numbers here come from batches",
        checks.alone,
    ),
    Behaviour(
        "the order of images does not matter",
        "invariance",
        True,
        "what stands next to an image says nothing about it",
        checks.in_any_order,
    ),
    Behaviour(
        "one pixel of shift changes no decision",
        "invariance",
        False,
        "no one holds a camera that still",
        changes.one_pixel,
    ),
    Behaviour(
        "a little light changes no decision",
        "invariance",
        False,
        f"{changes.BRIGHTER} grey levels of 255 are less than a cloud",
        changes.brightness,
    ),
    Behaviour(
        "tiny noise changes no decision",
        "invariance",
        False,
        f"noise of {changes.NOISE:.0%} of the range cannot be seen",
        changes.tiny_noise,
    ),
    Behaviour(
        "nearer to its class is not less likely",
        "directional",
        False,
        "an image that becomes more like its class should not lose its probability",
        changes.towards_class,
    ),
    Behaviour(
        "nearer to the mean of all is less certain",
        "directional",
        False,
        "the mean of all images shows nothing, and nobody can be sure of it",
        changes.towards_nothing,
    ),
]
