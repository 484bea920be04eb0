"""The result in one sentence that claims no more than the intervals do."""

from __future__ import annotations

from typing import Any

from ..stats.verdict import FEWEST_ROWS

CLAIMS = {
    "better": "it beats every baseline",
    "worse": "a baseline beats it",
    "no_difference": "no clear difference to the baselines",
    "too_few_rows": f"under {FEWEST_ROWS} rows, too few to call a winner",
}


def headline(metrics: dict[str, Any]) -> str:
    """Return the sentence for the content of metrics.json."""
    verdict, comparison = metrics["verdict"], metrics["comparison"]
    primary, differences = comparison["metric"], comparison["differences"]
    shown, which = comparison["best_baseline"], "the best of them on validation"
    if verdict == "worse":
        shown = min(differences, key=lambda name: differences[name]["high"])
        which = "the furthest ahead"
    entry, ahead = metrics["models"]["network"][primary], differences[shown]
    rows, folds = metrics["test_set"]["rows"], metrics["test_set"]["folds"]
    where = f"{rows} rows, each predicted by a model that had not seen it ({folds} folds)"
    where = where if folds else f"{rows} test rows"
    if primary == "accuracy":
        value, low, high = (f"{100 * entry[key]:.1f}" for key in ("value", "low", "high"))
        result = f"is right on {value}% [{low}, {high}] of {where}"
        points, least, most = (f"{100 * ahead[key]:+.1f}" for key in ("value", "low", "high"))
        difference = f"{points} points [{least}, {most}] against {shown}"
    else:
        value, low, high = (f"{entry[key]:.4g}" for key in ("value", "low", "high"))
        result = f"errs by {value} [{low}, {high}] on average over {where}"
        less, least, most = (f"{ahead[key]:+.3g}" for key in ("value", "low", "high"))
        difference = f"{less} [{least}, {most}] closer than {shown}"
    level = f"{100 * metrics['level']:g}% intervals"
    return f"The network {result}; {CLAIMS[verdict]} ({difference}, {which}; {level})."
