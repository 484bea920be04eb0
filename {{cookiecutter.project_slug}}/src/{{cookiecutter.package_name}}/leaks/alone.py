"""How well one feature alone gives the target, whatever the relation between the two.

Values come as their ranks, so that numbers, text and times are the same here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 256  # features sorted at a time
LEAST_AGREEMENT, LEAST_SMOOTHNESS = 0.85, 0.8  # of a promising feature
FOLDS, LEAVES_PER_CLASS, MOST_LEAVES = 5, 4, 128
JUMPS = 4  # places that do not count where neighbors are compared
LARGEST_TABLE = 1 << 22  # cells: values by classes

Codes = NDArray[np.int32]  # dense ranks from 1; 0 where there is no value
Target = NDArray[np.int32]  # classes, as numbers
Ranks = NDArray[np.float64]  # of numbers, from 0 to 1
Flags = NDArray[np.bool_]


def promising(codes: Codes, target: Target | Ranks, unordered: Flags) -> list[int]:
    """Return the features whose neighbors in order have like targets.

    Args:
        codes: (rows, features).
        target: classes or ranks (rows,).
        unordered: features of which only equal values are neighbors (features,).
    """
    counts = None if target.dtype.kind == "f" else np.bincount(target.astype(np.int64))
    found: list[int] = []
    for start in range(0, codes.shape[1], BLOCK):
        block = codes[:, start : start + BLOCK].astype(np.uint16)  # sorted ten times as fast
        order = np.argsort(block, axis=0, kind="stable")
        ranked, row = np.take_along_axis(block, order, axis=0), target[order]
        valid = ranked[:-1] > 0
        valid &= (ranked[1:] == ranked[:-1]) | ~unordered[start : start + BLOCK]
        if counts is None:  # Chatterjee 2021: ranks differ by 1/3 by chance
            lack, weight = 3 * abs(np.diff(row, axis=0)) * valid, valid
            least = LEAST_SMOOTHNESS
        else:  # every class counts the same
            weight = (1 / counts.clip(1))[row[:-1].astype(np.int64)] * valid
            lack, least = weight * (row[1:] != row[:-1]), LEAST_AGREEMENT
        good = lack.sum(axis=0) <= (1 - least) * weight.sum(axis=0)
        found += (start + np.flatnonzero(good & valid.any(axis=0))).tolist()
    return found


def balanced_accuracy(feature: Codes, target: Target, *, ordered: bool) -> float:
    """Return the mean share of each class that the feature alone puts right, on rows held out.

    By the classes of the other rows with the same value, and by a shallow decision tree.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    classes, counts = np.unique(target, return_counts=True)
    target = np.searchsorted(classes, target).astype(np.int32)
    best = _mean_recall(_majority(feature, target, counts), target, counts)
    if ordered and best < 1:
        leaves = min(MOST_LEAVES, LEAVES_PER_CLASS * len(classes))
        tree = DecisionTreeClassifier(
            max_leaf_nodes=leaves, class_weight="balanced", random_state=0
        )
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        predicted = cross_val_predict(tree, feature[:, None], target, cv=folds)
        best = max(best, _mean_recall(predicted == target, target, counts))
    return best


def _majority(feature: Codes, target: Target, counts: NDArray[np.intp]) -> Flags:
    """Tell which rows have the most usual class among the other rows with their value."""
    values = np.unique(feature)
    if len(values) * len(counts) > LARGEST_TABLE:
        return np.zeros(len(target), dtype=np.bool_)
    place = np.searchsorted(values, feature)
    shares = np.zeros((len(values), len(counts)))
    np.add.at(shares, (place, target), 1 / counts[target])
    second, first = np.sort(shares, axis=1)[place, -2:].T
    others = np.where(shares.argmax(axis=1)[place] == target, second, first)
    return shares[place, target] - 1 / counts[target] > others + 1e-9


def _mean_recall(right: Flags, target: Target, counts: NDArray[np.intp]) -> float:
    return float((np.bincount(target, weights=right) / counts).mean())


def explained(feature: Codes, target: Ranks, *, ordered: bool) -> float:
    """Return the share of the variance of ranks that the feature alone explains, on rows held out.

    By their correlation, by the neighbors in order (Rice 1984), and by the other rows with the
    same value.
    """
    from scipy.stats import rankdata

    values, place, counts = np.unique(feature, return_inverse=True, return_counts=True)
    variance = float(target.var())
    if len(values) < 2 or not variance:
        return 0.0
    best = 0.0
    twice = counts[place] > 1
    if twice.mean() >= 0.5:
        others = (np.bincount(place, weights=target)[place] - target)[twice]
        others /= counts[place][twice] - 1
        best = 1 - float(((target[twice] - others) ** 2).mean()) / variance
    if ordered:
        ranks = rankdata(feature) - (len(feature) + 1) / 2
        best = max(best, float(ranks @ target) ** 2 / float(ranks @ ranks) / len(target) / variance)
        row = target[np.argsort(feature, kind="stable")]
        bends = row[1:-1] - (row[:-2] + row[2:]) / 2
        bends = np.sort(bends**2)[: max(len(bends) // 2, len(bends) - JUMPS)]
        best = max(best, 1 - float(bends.mean()) / 1.5 / variance)
    return best
