"""Changes of images that say how a model behaves: what behaviours.py lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..schema import Images
from . import checks
from .checking import Held, Trial

BRIGHTER = 5  # grey levels of 0..255
NOISE = 0.01  # standard deviation, as a share of the full range
GREYS = (0, 128, 255)
A_FIFTH, MOSTLY = 0.2, 0.8  # of the way to a mean
LOWERED = 0.05  # of a probability: what a direction may lose
LEAST = 1e-6  # what rounding may change of a confidence


def typical(trial: Trial) -> Held:
    """The training images nearest to the mean of their class are recognised."""
    return checks.recognised(trial, _flat(trial.train.inputs))


def blank(trial: Trial) -> Held:
    """Black, grey and white images get probabilities."""
    shape = trial.test.inputs.shape[1:]
    images = np.stack([np.full(shape, grey, np.uint8) for grey in GREYS])
    held = checks.valid(trial.predict(images), trial.manifest.classes)
    return [f"all pixels {grey}" for grey in GREYS], held


def one_pixel(trial: Trial) -> Held:
    """An image moved by one pixel to any side keeps its decision."""
    images = trial.test.inputs
    moves = [(1, axis) for axis in (1, 2)] + [(-1, axis) for axis in (1, 2)]
    return checks.keeps_decision(trial, [_moved(images, *move) for move in moves])


def brightness(trial: Trial) -> Held:
    """An image a little brighter or darker keeps its decision."""
    images = trial.test.inputs.astype(np.int16)
    changed = [(images + by).clip(0, 255).astype(np.uint8) for by in (BRIGHTER, -BRIGHTER)]
    return checks.keeps_decision(trial, changed)


def tiny_noise(trial: Trial) -> Held:
    """An image with noise that nobody sees keeps its decision."""
    images = trial.test.inputs
    drawn = np.random.default_rng(0).normal(scale=255 * NOISE, size=images.shape)
    return checks.keeps_decision(trial, [_pixels(images + drawn)])


def towards_class(trial: Trial) -> Held:
    """A fifth of the way to the mean of its class, an image is not less likely to be of it."""
    rows, train = checks.of_known_classes(trial), trial.train
    means = {number: train.inputs[train.targets == number].mean(0) for number in set(rows.targets)}
    blended = [
        _blend(image, means[number], A_FIFTH)
        for image, number in zip(rows.inputs, rows.targets, strict=True)
    ]
    images = np.array(blended, np.uint8).reshape(rows.inputs.shape)
    before, after = (
        checks.class_probabilities(trial.predict(inputs), rows.targets)
        for inputs in (rows.inputs, images)
    )
    return rows.ids, after >= before - LOWERED


def towards_nothing(trial: Trial) -> Held:
    """An image that is mostly the mean of all is answered with less confidence."""
    images, mean = trial.test.inputs, trial.train.inputs.mean(axis=0)
    blended = np.stack([_blend(image, mean, MOSTLY) for image in images])
    before, after = (trial.predict(inputs).max(axis=1) for inputs in (images, blended))
    return trial.test.ids, after < before - LEAST


def _moved(images: Images, by: int, axis: int) -> Images:
    """Move images by pixels along one axis; the edge is continued."""
    length = images.shape[axis]
    return images.take((np.arange(length) - by).clip(0, length - 1), axis)


def _blend(image: Images, mean: NDArray[np.floating], share: float) -> Images:
    return _pixels((1 - share) * image + share * mean)


def _pixels(values: NDArray[np.floating]) -> Images:
    return np.rint(values).clip(0, 255).astype(np.uint8)


def _flat(images: Images) -> NDArray[np.float32]:
    return images.reshape(len(images), -1).astype(np.float32)
