"""Features that give the target away: each alone predicts it better than honest features do.

The best single feature of real data sets stays below what is a finding here: 0.96 in balanced
accuracy on iris (a petal's width), 0.94 on a table of tumours.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .alone import Codes, Target, balanced_accuracy, explained, promising
from .finding import Finding, Kind, listed
from .tables import codes_of, inside_train, sample_rows, with_parts

LEAST_ACCURACY = 0.995  # mean over the classes
LEAST_EXPLAINED = 0.9998  # share of the variance of ranks; two trends in time reach 0.9996
FEWEST_OF_CLASS, FEWEST_ROWS = 10, 20
LEAST_PRESENT = 0.2  # of the rows have a value
CHANCE = 1e-3  # of a finding by luck, if each row outside the largest class were a coin
MOST_VERIFIED = 200  # features


def telling_features(rows: pl.LazyFrame, features: list[str], classes: list[str]) -> list[Finding]:
    """Find features that alone predict the target, and those that are missing for one class only.

    At most 20,000 rows of train are looked at, or of all folds.

    Args:
        rows: columns id, part, target, and the features.
        features: their names.
        classes: the names of the target's classes; none where it is a number.
    """
    known = inside_train(with_parts(rows)).drop_nulls("target")
    sample = sample_rows(known, [*features, "target"])
    if not features or sample.height < FEWEST_ROWS:
        return []
    codes, answers = _codes(sample.select(features)), _codes(sample.select("target"))[:, 0]
    ordered = np.array([sample[name].dtype != pl.String for name in features])
    look = _in_classes if classes else _in_numbers
    told = look(codes, answers, ordered)
    if not told:
        return []
    names = [words.format(features[place]) for place, words in sorted(told.items())]
    message = (
        f"telling: {listed(names)}: {'each of these' if len(names) > 1 else 'this'} alone gives "
        f"the target, on {sample.height:,} rows of training. Such a feature is mostly a copy of "
        "the answer, or was written down after it. If it is not known when a prediction is asked "
        "for, add it to the contract's `forbidden` columns; else accept `telling`."
    )
    return [Finding(Kind.telling, message, sample.height, names)]


def _codes(table: pl.DataFrame) -> Codes:
    """Return ranks of values, 0 where there is none."""
    (codes,) = codes_of([table.with_columns(pl.selectors.float().fill_nan(None))])
    return codes


def _in_classes(codes: Codes, target: Target, ordered: NDArray[np.bool_]) -> dict[int, str]:
    """Return which features tell the class, and how, in words with a place for the name."""
    needed = _rows_needed(codes.shape[1])
    told: dict[int, str] = {}
    for place in promising(codes, target, ~ordered)[:MOST_VERIFIED]:
        present = np.flatnonzero(codes[:, place])
        values, answers = codes[present, place], target[present]
        usual = np.bincount(answers)[answers] >= FEWEST_OF_CLASS
        values, answers = values[usual], answers[usual]
        counts = np.bincount(answers)
        few = counts.sum() - counts.max(initial=0) < needed
        if few or len(present) < LEAST_PRESENT * len(codes):
            continue
        accuracy = balanced_accuracy(values, answers, ordered=bool(ordered[place]))
        if accuracy >= LEAST_ACCURACY:
            told[place] = f"{{}} (balanced accuracy {accuracy:.4f})"
    return _single_values(codes, target, needed) | told


def _in_numbers(codes: Codes, target: Target, ordered: NDArray[np.bool_]) -> dict[int, str]:
    """Return which features tell the number, and how, in words with a place for the name."""
    from scipy.stats import rankdata

    ranks = rankdata(target) / len(target)
    told: dict[int, str] = {}
    for place in promising(codes, ranks, ~ordered)[:MOST_VERIFIED]:
        present = np.flatnonzero(codes[:, place])
        if len(present) < max(FEWEST_ROWS, LEAST_PRESENT * len(codes)):
            continue
        share = explained(codes[present, place], ranks[present], ordered=bool(ordered[place]))
        if share >= LEAST_EXPLAINED:
            told[place] = f"{{}} (rank R2 {share:.4f})"
    usual = (target == np.bincount(target).argmax()).astype(np.int32)  # 0 bought, say
    return _single_values(codes, usual, _rows_needed(codes.shape[1])) | told


def _single_values(codes: Codes, target: Target, needed: float) -> dict[int, str]:
    """Return features of which one value, or none, means one class and no other."""
    largest = codes.max(axis=0)
    missing = (codes == 0).any(axis=0)
    told: dict[int, str] = {}
    for places, value, words in (
        (np.flatnonzero(missing & (largest > 0)), 0, "whether {} is missing"),
        (np.flatnonzero(~missing & (largest == 2)), 2, "{} (for one class)"),
    ):
        given = codes[:, places] == value
        for answer in np.flatnonzero(np.bincount(target) >= needed):
            inside = target == answer
            if (~inside).sum() < needed:
                continue
            accuracy = (1 + abs(given[inside].mean(axis=0) - given[~inside].mean(axis=0))) / 2
            told |= {int(places[n]): words for n in np.flatnonzero(accuracy >= LEAST_ACCURACY)}
    return told


def _rows_needed(features: int) -> float:
    """Return how many rows outside the largest class make luck unlikely among all features."""
    return max(FEWEST_OF_CLASS, math.log2(features / CHANCE))
