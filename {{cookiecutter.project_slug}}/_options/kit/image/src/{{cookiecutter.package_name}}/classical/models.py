"""The classical models that the network is compared with, and what they see of an image."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..schema import Images, Manifest
from .tuning import Candidates

REFERENCE = "logistic"  # what robustness is measured against: simple, and the same everywhere


def candidates(manifest: Manifest, rows: int, seed: int, most: int) -> Candidates:
    """Return each baseline for ``rows`` training rows, with the space of its hyperparameters."""
    del manifest, most  # every set of images has the same baselines
    from scipy.stats import loguniform
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    from .softmax import SoftmaxRegression

    neighbors = [number for number in (1, 3, 5, 7, 11, 15) if number <= rows]
    machine = SVC(break_ties=True)  # it decides by the scores that its probabilities come from
    forest = RandomForestClassifier(100, random_state=seed)
    return {
        "dummy": (DummyClassifier(strategy="prior"), {}),
        "logistic": (SoftmaxRegression(max_iter=300), {"C": loguniform(1e-4, 1e1)}),
        "knn": (KNeighborsClassifier(weights="distance"), {"n_neighbors": neighbors}),
        "svm_rbf": (machine, {"C": loguniform(1, 1e2), "gamma": loguniform(1e-3, 1e-1)}),
        "random_forest": (forest, {"max_features": [0.05, 0.1, 0.2], "min_samples_leaf": [1, 3]}),
    }


def features_of(
    images: Images, manifest: Manifest, fold: int | None, most: int
) -> NDArray[np.float32]:
    """Return standardised pixels (rows, features); large images are averaged over patches.

    Args:
        images: uint8 (rows, height, width, channels).
        manifest: of the prepared data.
        fold: the one whose rows are not trained on.
        most: pixels of an image; with more it is averaged down.
    """
    statistics = manifest.statistics_of(fold)
    mean, std = np.array(statistics.mean), np.array(statistics.std)
    patch = -(-manifest.image_size // max(1, math.isqrt(most)))
    side = manifest.image_size // patch
    result = np.empty((len(images), side * side * manifest.channels), np.float32)
    for row, image in enumerate(images):  # one at a time: the images may not fit into memory
        cut = image[: side * patch, : side * patch].astype(np.float32)
        patches = cut.reshape(side, patch, side, patch, manifest.channels).mean(axis=(1, 3))
        result[row] = ((patches - mean) / std).ravel()
    return result
