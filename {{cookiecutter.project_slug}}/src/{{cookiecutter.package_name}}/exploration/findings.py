"""The few sentences that a reader of the page should not miss."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .data import ExplorationData
from .levels import shorten, target_levels

SUSPICIOUS = 0.85  # of the target's entropy: seldom honest work of one column
RARE = 0.05
NEARLY_SAME = 0.95
MOST_NAMES = 5


def findings(
    data: ExplorationData,
    described: pd.DataFrame,
    found: pd.DataFrame,
    parts: pd.DataFrame,
    pairs: pd.DataFrame,
    across: int,
) -> list[str]:
    """Say what deserves a second look; an empty list if nothing does.

    Args:
        data: what was looked at.
        described: from ``describe``.
        found: from ``associate``.
        parts: from ``compare_parts``.
        pairs: from ``strongest_pairs`` of the correlations.
        across: rows that equal a row of another part, from ``copies``.
    """
    told: list[str] = []
    leaks = found.index[found["association"] >= SUSPICIOUS]
    if len(leaks):
        told.append(
            f"Alone decides the target, nearly: {_names(leaks)}. Is it known when a prediction is "
            "made, or does it follow from the answer?"
        )
    if across:
        told.append(
            f"{across:,} rows equal a row of another part in every feature: if these are the same "
            "examples, the test is not honest."
        )
    for name, flagged in parts[parts["flag"]].groupby("part", observed=True):
        told.append(f"The part {name} differs in {_names(flagged['column'])}.")
    if not data.is_regression:
        classes = target_levels(data.train, 1, most=1000)
        shares = pd.Series(classes.counts / classes.counts.sum(), classes.names).sort_values()
        if len(shares) == 1:
            told.append(f"The training rows are all of class {shorten(classes.names[0])}.")
        elif shares.iloc[0] < min(RARE, 0.5 / len(shares)):
            rare = shorten(str(shares.index[0]))
            told.append(
                f"Class {rare} holds {shares.iloc[0]:.1%} of the training rows: accuracy alone "
                "would hide how it fares."
            )
    told += _of_columns(described.drop(index=data.target))
    same = pairs[pairs["correlation"].abs() >= NEARLY_SAME]
    if len(same):
        first, second = same.iloc[0]["first"], same.iloc[0]["second"]
        told.append(
            f"{_count(len(same), 'pair')} of columns are nearly the same in rank, first of all "
            f"{shorten(first)} and {shorten(second)}."
        )
    noise = int(found["noise"].sum())
    if noise:
        told.append(
            f"{noise:,} of {_count(len(found), 'column')} say no more of the target, alone, than "
            "chance does."
        )
    return told


def _of_columns(described: pd.DataFrame) -> list[str]:
    flags = described["flags"].map(", ".join)
    sentences = {
        "no values|constant": "Nothing to learn from (constant or empty): {}.",
        "mostly missing": "Mostly missing: {}.",
        "same as": "Repeats another column, row by row: {}.",
        "a code\\?": "A far value that many rows share, perhaps a code for missing: {}.",
        "every value differs": "A different value in every row, like an id: {}.",
        "several spellings": "One value in several spellings: {}.",
        "infinite": "Infinite values, taken as missing here: {}.",
    }
    found = {words: described.index[flags.str.contains(mark)] for mark, words in sentences.items()}
    return [words.format(_names(names)) for words, names in found.items() if len(names)]


def _names(names: Iterable[object]) -> str:
    every = [shorten(str(name)) for name in dict.fromkeys(names)]
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
