"""The result of an experiment as one sentence, which follows from the verdict and the numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..measures.amounts import amount, digits_for, ends, side, unit

Result = dict[str, Any]
Show = Callable[[str, str], str]  # a number, and where the result has it, to what is written

OPENING = {
    "better": "{b} is better than {a} by",
    "worse": "{b} is worse than {a} by",
    "equivalent": "{b} is equivalent to {a} within {margin}: it is {side} by",
    "inconclusive": "inconclusive: {b} is {side} by",
    "descriptive": "nothing is concluded ({why}): {b} is {side} by",
}


def _plain(number: str, _path: str) -> str:
    return number


def sentence(result: Result, show: Show = _plain) -> str:
    """Return what the verdict says, with its interval, seeds and rows."""
    verdict, metric, ahead = result["verdict"], result["metric"], result["ahead"]
    low, high = ahead["low"], ahead["high"]
    digits = digits_of(result)
    value, first, last = (
        show(amount(metric, ahead[key], digits), f"amounts.{key}")
        for key in ("value", "low", "high")
    )
    margin = show(amount(metric, result["margin"], digits), "margin") + unit(metric)
    names = result.get("names", {"a": "a", "b": "b"})
    where = side(ahead["value"])
    opening = OPENING[verdict].format(margin=margin, side=where, why=result["why"], **names)
    folds = f" in each of {len(result['folds'])} folds" if result["folds"] else ""
    parts = [
        f"{opening} {value}{unit(metric)}",
        f"{100 * result['level']:.3g} % interval {ends(low, high, (first, last))}",
        f"{len(result['seeds'])} paired seeds{folds}",
        f"n = {result['rows']:,}",
    ]
    if verdict in ("better", "worse") and max(abs(low), abs(high)) < result["margin"]:
        parts.append(f"less than the {margin} that matter")
    told = ", ".join(parts) + (_needed(result, margin) if verdict == "inconclusive" else "")
    return f"exploratory: {told}" if result["exploratory"] else told


def digits_of(result: Result) -> int:
    """Return the decimals that the interval of the difference leaves meaningful."""
    return digits_for(result["metric"], result["ahead"]["high"] - result["ahead"]["low"])


def _needed(result: Result, margin: str) -> str:
    needed = result["rows_needed"]
    if max(abs(result["ahead"][key]) for key in ("low", "high")) < result["margin"]:
        return f"; {result['rows_to_be_equal']:,} rows could tell that it is equivalent"
    if needed is None:
        return ""
    if needed <= result["rows"]:
        return f"; n is enough to see {margin}, and more seeds would narrow the interval"
    return f"; {needed:,} rows would show a difference of {margin}"
