"""Columns that look like the id of a group (person, document) with rows in several parts."""

from __future__ import annotations

import polars as pl

from .finding import Finding, Kind, listed
from .groups import crossing_groups, told
from .tables import sample_rows, with_parts
from .tied import tied_columns

FEWEST_GROUPS, FEWEST_ROWS_EACH = 20, 2.0
CATEGORY_GROUPS, CATEGORY_ROWS_EACH = 100, 10.0  # fewer values with more rows: a category
MOST_CANDIDATES, MOST_COMPARED = 50, 1000
CELLS, FEWEST_ROWS, MOST_ROWS = 1 << 24, 300, 5000  # of a candidate's groups, looked at whole
FEWEST_TIED = 2  # columns: a city is tied to its country alone
DATE = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"


def suspected_groups(rows: pl.LazyFrame, columns: list[str]) -> list[Finding]:
    """Find columns that behave like the id of a group whose rows lie in more than one part.

    Their values repeat, there are many, and rows that share one share other columns too. Columns
    with fewer than 100 values of more than 10 rows each are taken for categories; so are dates, and
    columns that only tell of one other (a city of its country, an age of its age band).

    Args:
        rows: columns id, part, target, and ``columns``.
        columns: those that may be ids of groups, or tell of one.
    """
    rows = with_parts(rows)
    candidates, compared, total = _candidates(rows, columns)
    if not candidates or len(compared) < FEWEST_TIED:
        return []
    cells = len(candidates) * len({*candidates, *compared})
    share = min(1.0, min(MOST_ROWS, max(FEWEST_ROWS, CELLS // cells)) / total)
    drawn = {
        name: pl.col(name).is_not_null() & (pl.col(name).hash(2) <= int(share * (2**64 - 1)))
        for name in candidates
    }
    chosen = rows.filter(pl.any_horizontal(*drawn.values())).select({*candidates, *compared})
    sample = chosen.collect(engine="streaming")
    findings: list[Finding] = []
    for name in candidates:
        others = [other for other in compared if other != name]
        tied = tied_columns(sample.filter(drawn[name]), name, others)
        crossing = crossing_groups(rows, name) if len(tied) >= FEWEST_TIED else pl.DataFrame()
        if not crossing.is_empty():
            findings.append(_suspicion(name, tied, crossing))
    return findings


def _candidates(rows: pl.LazyFrame, columns: list[str]) -> tuple[list[str], list[str], int]:
    """Return columns that may name groups, those that may be tied to them, and the rows' number."""
    sample = sample_rows(rows, columns)
    able = [name for name in columns if _may_name(sample[name].drop_nulls())]
    if not able:
        return [], [], 0
    counted = rows.select(
        pl.len().alias("part"),  # no other column has this name
        *(pl.col(name).approx_n_unique() for name in [*columns, "target"]),
    ).collect(engine="streaming")
    values = {name: int(counted[name].item()) for name in [*columns, "target"]}
    total = int(counted["part"].item())
    found: list[str] = []
    for name in able:
        each = total / max(1, values[name])
        category = values[name] < CATEGORY_GROUPS and each > CATEGORY_ROWS_EACH
        if values[name] >= FEWEST_GROUPS and each >= FEWEST_ROWS_EACH and not category:
            found.append(name)
    found = sorted(found, key=lambda name: -values[name])[:MOST_CANDIDATES]
    most = max((values[name] for name in found), default=0) // 2
    return found, [name for name in values if 2 <= values[name] <= most][:MOST_COMPARED], total


def _may_name(values: pl.Series) -> bool:
    """Tell whether these are whole numbers or text that is no date."""
    if values.is_empty():
        return False
    if values.dtype.is_float():
        return bool((values == values.floor()).all())
    if values.dtype == pl.String:
        return not values.head(100).str.contains(DATE).all()
    return values.dtype.is_integer() or values.dtype in (pl.Categorical, pl.Enum)


def _suspicion(name: str, tied: list[str], crossing: pl.DataFrame) -> Finding:
    examples, count = told(crossing, name)
    message = (
        f"groups: {name} looks like the id of a group (a person, a document): rows that share it "
        f"share {listed(tied)} too, and {crossing.height:,} of its values have rows in more than "
        f"one part, {count:,} of which the model is judged by. What it learns of a group in "
        f"training gives those rows away. Split by it (data.group={name}), or accept `groups` if "
        "it is no such id."
    )
    return Finding(Kind.groups, message, count, examples)
