"""Models that are broken in one way each, and the check that notices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.config.kit import Behaviour as Settings
from {{ cookiecutter.package_name }}.probes.behaviours import behaviours_for
from {{ cookiecutter.package_name }}.probes.checking import Examples, Predict, Trial

Images = NDArray[np.uint8]
Floats = NDArray[np.floating]
MANIFEST = replace(small_manifest(), image_size=12)
CHECKS = {one.name: one for one in behaviours_for(MANIFEST, Settings(200))}
HARD = {name for name, one in CHECKS.items() if one.hard}
TYPICAL, BLANK = "typical images are recognised", "a blank image gets valid probabilities"
ALONE = "an image alone is answered as among others"
ORDER = "the order of images does not matter"
PIXEL, LIGHT = "one pixel of shift changes no decision", "a little light changes no decision"
NOISE = "tiny noise changes no decision"
CLASS = "nearer to its class is not less likely"
NOTHING = "nearer to the mean of all is less certain"


def examples(rows: int, seed: int) -> Examples:
    """A bright bar at the top, in the middle or at the bottom."""
    targets = np.arange(rows) % 3
    images = np.random.default_rng(seed).integers(0, 40, (rows, 12, 12, 1))
    for row, number in enumerate(targets):
        images[row, 4 * number : 4 * number + 4] += 150
    return Examples([f"{seed}-{row}" for row in range(rows)], images.astype(np.uint8), targets)


def softmax(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def sound(images: Images) -> Floats:
    """Where the bar is, and nothing else."""
    return softmax(images.reshape(-1, 3, 48).mean(axis=2) / 20)


def in_training_mode(images: Images) -> Floats:
    return softmax(sound(images - images.mean(axis=0)) * 5)


def neighbour(images: Images) -> Floats:
    return sound(np.roll(images, 1, axis=0))


def by_light(images: Images) -> Floats:
    """A decision that changes with every few grey levels."""
    return np.eye(3)[(images.mean(axis=(1, 2, 3)) // 4).astype(int) % 3]


def by_corner(images: Images) -> Floats:
    """A decision that hangs on the exact value of one pixel."""
    return np.eye(3)[images[:, 0, 0, 0] % 3]


def by_edge(images: Images) -> Floats:
    """A decision that hangs on two rows of pixels, not on the bar."""
    edge = images[:, 3].mean(axis=(1, 2)) - images[:, 8].mean(axis=(1, 2))
    return softmax(np.stack([edge, np.zeros(len(edge)), -edge], axis=1))


def wrong_way(images: Images) -> Floats:
    return softmax(-images.reshape(-1, 3, 48).mean(axis=2) / 20)


def by_grain(images: Images) -> Floats:
    """As sure as the image is grainy."""
    grain = images.reshape(-1, 3, 48).std(axis=2).min(axis=1)
    sure = ((grain - 9) / 3).clip(0, 1)[:, None]
    return sure * sound(images) + (1 - sure) / 3


def divided_by_nothing(images: Images) -> Floats:
    """Fails where an image has no contrast."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = images.std(axis=(1, 2, 3))[:, None]
        return sound(images) * spread / spread


def surest_of_nothing(images: Images) -> Floats:
    sure = np.clip(1 - images.std(axis=(1, 2, 3)) / 100, 0.4, 1)[:, None]
    return sure * np.array([[1.0, 0, 0]]) + (1 - sure) * np.array([[0, 0.5, 0.5]])


def held(name: str, predict: Predict, test: Examples | None = None) -> float:
    trial = Trial(predict, test or examples(60, 1), examples(90, 0), MANIFEST, None)
    return float(CHECKS[name].check(trial)[1].mean())


@pytest.mark.parametrize("name", CHECKS)
def test_a_sound_model_holds_to_everything(name: str) -> None:
    assert held(name, sound) == 1


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (in_training_mode, ALONE),
        (neighbour, ORDER),
        (neighbour, ALONE),
        (by_light, LIGHT),
        (by_corner, NOISE),
        (by_corner, PIXEL),
        (by_edge, PIXEL),
        (wrong_way, TYPICAL),
        (by_grain, CLASS),
        (divided_by_nothing, BLANK),
        (surest_of_nothing, NOTHING),
    ],
)
def test_a_broken_model_is_caught(broken: Callable[[Any], Floats], name: str) -> None:
    assert held(name, broken) < 0.7


@pytest.mark.parametrize("name", [LIGHT, NOISE, PIXEL])
def test_white_stays_white_and_black_stays_black(name: str) -> None:
    rows = examples(60, 1)
    glaring = replace(rows, inputs=np.where(rows.inputs > 100, 255, 0).astype(np.uint8))
    assert held(name, sound, glaring) == 1


def test_a_model_that_is_broken_in_one_way_passes_other_checks() -> None:
    assert held(BLANK, by_light) == held(ALONE, by_corner) == held(ORDER, wrong_way) == 1
    assert held(ORDER, in_training_mode) == 1  # only one image at a time shows it


def test_what_must_hold_for_every_image_is_hard() -> None:
    assert {BLANK, ALONE, ORDER} == HARD


def test_changed_images_are_images_of_the_same_kind() -> None:
    def strict(images: Images) -> Floats:
        assert images.dtype == np.uint8
        assert images.shape[1:] == (12, 12, 1)
        return sound(images)

    for name in CHECKS:
        held(name, strict)
