"""Statistics that preparation stored: are they those of train, or did other rows have a say?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from .finding import Finding, Kind, listed
from .tables import inside_train, with_parts

OF_SPREAD, OF_SIZE = 1e-5, 1e-7  # tolerance; test rows move a mean of 20 million by 1e-4 of its std
QUANTILE = "quantile "
MOMENTS = ("mean", "std", "min", "max")
MOST_TOLD = 5

Numbers = dict[str, float | None]


@dataclass(frozen=True)
class Claim:
    """A stored statistic of one column, its missing values left out.

    Args:
        column: its name.
        statistic: "mean", "std" (with n or n - 1), "min", "max", or "quantile Q" with Q from 0 to
            1 (exact, but interpolated in any way).
        value: what is stored.
    """

    column: str
    statistic: str
    value: float

    def __str__(self) -> str:
        return f"{self.statistic} of {self.column}"


def foreign_statistics(
    claims: Sequence[Claim], categories: Mapping[str, Sequence[str]], rows: pl.LazyFrame
) -> list[Finding]:
    """Find stored statistics that are not those of the rows of train.

    Args:
        claims: stored numbers.
        categories: stored values, as text, by column. Values of train may be left out of them.
        rows: columns id, part, and those of the claims as they were when the statistics were
            computed. Without a part train, all rows are trained on.
    """
    rows = with_parts(rows).with_columns(pl.selectors.float().fill_nan(None))
    train = inside_train(rows)
    own, every = _computed(claims, train), _computed(claims, rows)
    told = [_number(claim, own[place], every[place]) for place, claim in enumerate(claims)]
    for column, values in categories.items():
        found = train.select(pl.col(column).cast(pl.String).unique()).collect(engine="streaming")
        foreign = [repr(value) for value in values if value not in set(found[column])]
        if foreign:
            told.append(f"categories of {column} hold {listed(foreign)}, which train never has")
    return _findings(told)


def _computed(claims: Sequence[Claim], rows: pl.LazyFrame) -> list[Numbers]:
    """Return for each claim what it takes to judge it, from one pass over the rows."""
    wanted: list[pl.Expr] = []
    for place, claim in enumerate(claims):
        column = pl.col(claim.column).cast(pl.Float64)
        parts = {"count": column.count(), "std": column.std(ddof=0)}
        if claim.statistic.startswith(QUANTILE):
            margin = OF_SIZE * abs(claim.value)
            parts["below"] = (column < claim.value - margin).sum()
            parts["up to"] = (column <= claim.value + margin).sum()
        elif claim.statistic in MOMENTS:
            parts |= {"mean": column.mean(), "min": column.min(), "max": column.max()}
        else:
            raise ValueError(f"{claim}: expected one of {', '.join(MOMENTS)}, {QUANTILE}Q")
        wanted += [one.alias(f"{place} {name}") for name, one in parts.items()]
    found: list[Numbers] = [{} for _ in claims]
    for row in rows.select(wanted).collect(engine="streaming").to_dicts():
        for key, value in row.items():
            place, _, name = key.partition(" ")
            found[int(place)][name] = value
    return found


def _number(claim: Claim, own: Numbers, every: Numbers) -> str:
    """Say what is wrong with the claim, if anything."""
    if claim.statistic.startswith(QUANTILE):
        share = float(claim.statistic.removeprefix(QUANTILE))
        if not own["count"] or _holds(share, own):
            return ""
        below = (own["below"] or 0) / own["count"]
        source = ", but it is that of all rows" if _holds(share, every) else ""
        return f"{claim} is {claim.value:.6g}, with {below:.1%} of train below it{source}"
    right, elsewhere = own[claim.statistic], every[claim.statistic]
    if claim.statistic == "std":
        right, elsewhere = _std(claim.value, own), _std(claim.value, every)
    return _compared(str(claim), claim.value, right, elsewhere, spread=own["std"] or 0.0)


def _std(value: float, found: Numbers) -> float | None:
    """Return the standard deviation of the kind, with n or n - 1, that is nearer to ``value``."""
    std, count = found["std"], found["count"] or 0
    if std is None or count < 2:
        return std
    return min(std, std * math.sqrt(count / (count - 1)), key=lambda one: abs(one - value))


def _holds(share: float, found: Numbers) -> bool:
    """Tell whether a number lies where the quantile does, give or take one row."""
    place = share * ((found["count"] or 0) - 1)
    below, up_to = found["below"] or 0, found["up to"] or 0
    return below <= math.ceil(place) + 1 and up_to >= math.floor(place)


def _compared(
    name: str, value: float, own: float | None, every: float | None, spread: float
) -> str:
    """Say how a value differs from that of train, if it does.

    Where train has no spread any value may stand in, but not one that other rows gave.
    """

    def equals(other: float | None) -> bool:
        if other is None:
            return False
        return math.isclose(value, other, rel_tol=OF_SIZE, abs_tol=OF_SPREAD * spread)

    if equals(own) or (not spread and not equals(every)):
        return ""
    right = "train has none" if own is None else f"that of train is {own:.6g}"
    source = ", and it is that of all rows" if equals(every) else ""
    return f"{name} is {value:.6g}, {right}{source}"


def _findings(told: list[str]) -> list[Finding]:
    wrong = [words for words in told if words]
    if not wrong:
        return []
    more = f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
    message = (
        f"statistics: {'; '.join(wrong[:MOST_TOLD])}{more}. Rows that the model is judged by had a "
        "say in how its inputs are transformed. Compute statistics from the rows of train only, or "
        "accept `statistics`."
    )
    return [Finding(Kind.statistics, message, 0, wrong)]
