"""Rows of one part that stand in another part too, equal in every feature.

What a row teaches in training it then shows again in evaluation. Equal rows that are to be expected
in a table of few discrete columns are no finding.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from .finding import Finding, Kind, listed
from .natural import unnatural
from .ordinary import Ordinary
from .tables import codes_of, outside_train, sample_rows, with_parts

MOST_SUSPECTS = 20_000  # different rows that are judged
EXAMPLES = 3
HASH = "hash of the features"


def duplicates(rows: pl.LazyFrame, features: list[str]) -> list[Finding]:
    """Find rows that equal a row of another part, in about 30 bytes of memory a row.

    Args:
        rows: columns id, part, target, and the features.
        features: their names; text, numbers, truth values, dates.
    """
    if not features:
        return []
    rows = with_parts(rows)
    of_features = pl.struct(features).hash(0).alias(HASH)
    hashed = rows.select("id", "part", "target", of_features)
    outside = outside_train(rows)
    crossing = _crossing(hashed, outside)
    if crossing.is_empty():
        return []
    suspects = crossing.sort(HASH).head(MOST_SUSPECTS)
    counted = rows.select(total=pl.len(), judged=outside.sum()).collect(engine="streaming")
    total, judged = counted["total"].item(), counted["judged"].item()
    sample = sample_rows(rows, features).select(features)
    wanted = pl.col(HASH).is_in(suspects[HASH].implode())
    found = rows.select(*features, of_features).filter(wanted)
    found = found.unique(HASH, keep="any").sort(HASH).collect(engine="streaming")
    codes, looked_at = codes_of([sample, found.select(features)])
    chances = Ordinary.of(codes).twins(looked_at, np.full(len(looked_at), -1))
    share = suspects.height / crossing.height
    guilty = suspects.filter(unnatural(total * chances, judged * share))
    return [_finding(guilty, share, judged)] if guilty.height else []


def _crossing(hashed: pl.LazyFrame, outside: pl.Expr) -> pl.DataFrame:
    """Return the different rows that stand in more than one part, and where they stand."""
    every = np.sort(hashed.select(HASH).collect(engine="streaming")[HASH].to_numpy())
    repeated = pl.DataFrame({HASH: np.unique(every[1:][every[1:] == every[:-1]])})
    alike = hashed.join(repeated.lazy(), on=HASH, how="semi").group_by(HASH)
    in_order = {name: pl.col(name).sort_by("part", "id") for name in ("id", "part")}
    told = alike.agg(
        pl.col("part").n_unique().alias("parts"),
        outside.sum().alias("outside"),
        pl.col("target").n_unique().alias("targets"),
        *(one.first().alias(f"first {name}") for name, one in in_order.items()),
        *(one.last().alias(f"last {name}") for name, one in in_order.items()),
    )
    return told.filter(pl.col("parts") > 1).collect(engine="streaming")


def _finding(guilty: pl.DataFrame, share: float, judged: int) -> Finding:
    rows = round(int(guilty["outside"].sum()) / share)
    other = round(int(guilty.filter(pl.col("targets") > 1)["outside"].sum()) / share)
    examples = [
        f"{one['first id']} ({one['first part']}) = {one['last id']} ({one['last part']})"
        for one in guilty.head(EXAMPLES).iter_rows(named=True)
    ]
    about = "about " if share < 1 else ""
    aside = f" ({other:,} of them with another target)" if other else ""
    message = (
        f"duplicates: {about}{rows:,} of {judged:,} rows that the model is judged by equal a row "
        f"of another part in every feature{aside}, such as {listed(examples)}. There the model can "
        "remember instead of predict. Remove the copies, or keep those that belong together in one "
        "part (data.group=COLUMN), or accept `duplicates` if such cases really repeat."
    )
    return Finding(Kind.duplicates, message, rows, examples)
