"""Rows of training that are younger than what the model is judged by: it would know the future."""

from __future__ import annotations

import polars as pl

from .finding import Finding, Kind, listed
from .tables import with_parts

IN_ORDER = ("train", "val", "test")
EXAMPLES = 3


def future_rows(rows: pl.LazyFrame, time: str) -> list[Finding]:
    """Find rows of train, and of val, that are later than the first row of a part that follows.

    Folds follow no order: among them nothing is found.

    Args:
        rows: columns id, part, and ``time``.
        time: a column of times, dates, numbers, or text whose order is that of time. Rows without
            a time are left out, and a tie is no leak.
    """
    rows = with_parts(rows).drop_nulls(time)
    starts = rows.group_by("part").agg(pl.col(time).min()).collect(engine="streaming")
    first = dict(starts.iter_rows())
    count, told, examples = 0, list[str](), list[str]()
    for place, part in enumerate(IN_ORDER[:-1]):
        following = {name: first[name] for name in IN_ORDER[place + 1 :] if name in first}
        if not following:
            continue
        start = min(following.values())
        late = rows.filter((pl.col("part") == part) & (pl.col(time) > start))
        number = late.select(pl.len()).collect(engine="streaming").item()
        if not number:
            continue
        count += number
        latest = late.top_k(EXAMPLES, by=[time, "id"]).select("id", time).collect()
        ids = [f"{name} ({part}, {when})" for name, when in latest.iter_rows()]
        begins = " and ".join(name for name, when in following.items() if when == start)
        told.append(
            f"{number:,} rows of {part} are later than the first row of {begins} ({start}), "
            f"such as {listed(ids)}"
        )
        examples += ids
    if not count:
        return []
    message = (
        f"future: by {time}, {'; '.join(told)}. The model would know what comes after the moment "
        f"that it predicts for. Split by time (data.time={time}), or remove these rows, or accept "
        "`future` if the order in time does not matter."
    )
    return [Finding(Kind.future, message, count, examples)]
