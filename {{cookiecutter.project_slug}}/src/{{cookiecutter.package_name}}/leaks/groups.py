"""Rows that belong together (one person, one document) but lie in several parts.

What training tells of a person then gives away the answer for that person in evaluation.
"""

from __future__ import annotations

import polars as pl

from .finding import Finding, Kind, listed
from .tables import outside_train, with_parts

MOST_NAMES = 3


def shared_groups(rows: pl.LazyFrame, group: str) -> list[Finding]:
    """Find groups whose rows lie in more than one part.

    Args:
        rows: columns id, part, and ``group``.
        group: the column that names the group of each row; rows without one stand alone.
    """
    crossing = crossing_groups(with_parts(rows), group)
    if crossing.is_empty():
        return []
    examples, count = told(crossing, group)
    message = (
        f"groups: {crossing.height:,} groups of {group} have rows in more than one part, "
        f"{count:,} of which the model is judged by, such as {listed(examples)}. What it learns "
        f"of them in training gives their rows away. Split by it (data.group={group}), or accept "
        "`groups` if the same ones will be predicted for later."
    )
    return [Finding(Kind.groups, message, count, examples)]


def crossing_groups(rows: pl.LazyFrame, name: str) -> pl.DataFrame:
    """Return the groups with rows in more than one part, and how many rows a model is judged by."""
    outside = outside_train(rows)
    groups = rows.select(pl.col(name).cast(pl.String), "part", outside=outside).drop_nulls(name)
    found = groups.group_by(name).agg(pl.col("part").n_unique(), pl.col("outside").sum())
    return found.filter(pl.col("part") > 1).sort(name).collect(engine="streaming")


def told(crossing: pl.DataFrame, name: str) -> tuple[list[str], int]:
    """Return a few of the groups, and how many of their rows a model is judged by."""
    shown = [f"{value}".removesuffix(".0") for value in crossing[name].head(MOST_NAMES)]
    return shown, int(crossing["outside"].sum())
