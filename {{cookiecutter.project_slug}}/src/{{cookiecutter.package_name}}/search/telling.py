"""What came out of a search, as sentences: they follow from the verdicts, and claim no more."""

from __future__ import annotations

from typing import Any

from ..measures.amounts import amount, digits_for, ends, side, unit

Result = dict[str, Any]
VERDICTS = {
    "better": "the chosen network is better than {best} by",
    "worse": "the chosen network is worse than {best} by",
    "equivalent": "the chosen network and {best} are equivalent: it is {side} by",
    "inconclusive": "no clear difference between the chosen network and {best}: it is {side} by",
    "descriptive": "nothing is concluded ({why}): the chosen network is {side} {best} by",
}


def against_baselines(found: Result) -> str:
    """Return how the chosen network compares with the best baseline of as many trials."""
    ahead, metric = found["ahead"], found["metric"]
    digits = digits_for(metric, ahead["high"] - ahead["low"])
    value, low, high = (amount(metric, ahead[key], digits) for key in ("value", "low", "high"))
    where = side(ahead["value"])
    if found["verdict"] == "descriptive" and where == "ahead":
        where = "ahead of"
    opening = VERDICTS[found["verdict"]].format(best=found["best"], side=where, why=found["why"])
    interval = ends(ahead["low"], ahead["high"], (low, high))
    return (
        f"{opening} {value}{unit(metric)}, 95 % interval {interval}, {found['seeds']} seeds, "
        f"n = {found['rows']:,}"
    )


def luck(found: Result) -> str:
    """Return how much of the best trial's value was luck with its seed."""
    best, fresh = found["best"]["value"], found["fresh"]["mean"]
    return (
        f"the best of {len(found['trials'])} trials had {found['metric']} {best:.4f}; with fresh "
        f"seeds its configuration has {fresh:.4f} in the mean"
    )


def caution(split: str) -> str:
    """Return what even fresh seeds leave in."""
    if split == "test":
        return "judged on test rows, which chose nothing: each run is a look at them"
    return "judged on the validation rows, which also chose it: only other rows are quite fair"
