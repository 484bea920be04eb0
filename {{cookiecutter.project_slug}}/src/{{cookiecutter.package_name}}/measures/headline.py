"""The result in one sentence that claims no more than the intervals do."""

from __future__ import annotations

from typing import Any

from ..stats.verdict import FEWEST_ROWS, INVALID
from .amounts import amount, digits_for

CLAIMS = {
    "better": "it beats every baseline",
    "worse": "a baseline beats it",
    "no_difference": "it does not clearly beat every baseline",
    "too_few_rows": f"under {FEWEST_ROWS} rows, too few to call a winner",
}
Entry = dict[str, Any]


def headline(metrics: Entry) -> str:
    """Return the sentence for the content of metrics.json."""
    verdict, comparison = metrics["verdict"], metrics["comparison"]
    if verdict == INVALID:
        return f"No conclusion: {'; '.join(metrics['problems'])}."
    primary, differences = comparison["metric"], comparison["differences"]
    shown, which = comparison["best_baseline"], "the best of them on validation"
    if verdict == "worse":
        furthest = min(differences, key=lambda name: differences[name]["high"])
        shown, which = furthest, "the furthest ahead"
    elif verdict == "no_difference" and differences[shown]["low"] > 0:
        shown, which = min(differences, key=lambda name: differences[name]["low"]), "the nearest"
    entry, ahead = metrics["models"]["network"][primary], differences[shown]
    rows, folds = metrics["test_set"]["rows"], metrics["test_set"]["folds"]
    where = f"{rows} rows, each predicted by a model that had not seen it ({folds} folds)"
    where = where if folds else f"{rows} test rows"
    describe = _of_classes if primary == "accuracy" else _of_values
    result, difference = describe(entry, ahead, where, shown)
    level = f"{100 * metrics['level']:g}% intervals"
    needed = _needed(metrics, ahead) if verdict == "no_difference" else ""
    return f"The network {result}; {CLAIMS[verdict]} ({difference}, {which}; {level}){needed}."


def _of_classes(entry: Entry, ahead: Entry, where: str, shown: str) -> tuple[str, str]:
    value, low, high = (f"{100 * entry[key]:.1f}" for key in ("value", "low", "high"))
    points, least, most = (f"{100 * ahead[key]:+z.1f}" for key in ("value", "low", "high"))
    result = f"is right on {value}% [{low}, {high}] of {where}"
    return result, f"{points} points [{least}, {most}] against {shown}"


def _of_values(entry: Entry, ahead: Entry, where: str, shown: str) -> tuple[str, str]:
    digits = digits_for("mae", entry["high"] - entry["low"])
    value, low, high = (amount("mae", entry[key], digits) for key in ("value", "low", "high"))
    result = f"errs by {value} [{low}, {high}] on average over {where}"
    digits = digits_for("mae", ahead["high"] - ahead["low"])
    less = ahead["value"] >= 0
    ends = (ahead["low"], ahead["high"]) if less else (-ahead["high"], -ahead["low"])
    off, least, most = (f"{number:,.{digits}f}" for number in (abs(ahead["value"]), *ends))
    return result, f"{off} {'less' if less else 'more'} [{least}, {most}] than {shown}"


def _needed(metrics: Entry, ahead: Entry) -> str:
    rows, needed = metrics["test_set"]["rows"], ahead["rows_needed"]
    if needed is None or needed <= rows:
        return ""
    points = metrics["comparison"]["metric"] == "accuracy"
    size = f"{100 * metrics['margin']:g}{' points' if points else '%'}"
    return f"; {needed:,} rows would show a difference of {size}"
