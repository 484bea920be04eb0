"""Limits that a challenger must keep to: each passes, fails for sure, or leaves it open."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from ..config.evaluation import Slice
from ..measures.groups import group_means, groups_of
from ..measures.robustness import robustness
from ..measures.tables import NETWORK, Evidence
from ..measures.uncertainty import Uncertainty
from ..predictions import Predictions
from ..slices.declared import rows_where
from ..stats.bootstrap import bootstrap_mean
from ..stats.calibration import log_losses
from ..stats.multiplicity import holm
from ..stats.paired import worse_than_p
from .verdict import Guard, State


def slices_kept(
    measures: ModuleType,
    challenger: Predictions,
    champion: Predictions,
    slices: list[Slice],
    how: Uncertainty,
) -> Guard:
    """No declared slice is worse than the champion's by more than its margin (Holm over all)."""
    names: list[str] = []
    p_values: list[float] = []
    for one in slices:
        inside = rows_where(challenger, one.where, one.name)
        if inside.sum() < one.least_rows:
            continue
        ours, theirs = challenger.select(inside), champion.select(inside)
        ahead, groups = _ahead(measures, ours, theirs), groups_of(ours)
        margin = one.margin * unit_of(measures, theirs)
        ahead = ahead if groups is None else group_means(ahead, groups)
        names.append(one.name)
        p_values.append(worse_than_p(ahead, margin))
    if not names:
        return Guard("slices", State.not_measured, "no slice has enough rows")
    adjusted = holm(p_values)
    worse = [n for n, p in zip(names, adjusted, strict=True) if p <= 1 - how.level]
    told = f"worse by more than the margin in {', '.join(worse)}" if worse else f"{len(names)} kept"
    return Guard("slices", State.failed if worse else State.passed, told)


def calibration_kept(
    challenger: Predictions, champion: Predictions, margin: float, how: Uncertainty
) -> Guard:
    """The log loss does not rise by ``margin``."""
    if not challenger.classes:
        return Guard("calibration", State.not_measured, "values have no probabilities")
    change = log_losses(challenger.probabilities, challenger.targets)
    change = change - log_losses(champion.probabilities, champion.targets)
    found = bootstrap_mean(change, groups=groups_of(challenger), **how.bootstrap)
    told = f"log loss {found.value:+z.3f} [{found.low:+z.3f}, {found.high:+z.3f}], limit {margin:g}"
    return Guard("calibration", state_of(found.low, found.high, margin), told)


def robustness_kept(
    measures: ModuleType, challenger: Evidence, champion: Evidence, limit: float, how: Uncertainty
) -> Guard:
    """Errors on corrupted rows are at most ``limit`` times the champion's."""
    ours, theirs = (one.corrupted.get(NETWORK, {}) for one in (challenger, champion))
    shared = [cell for cell in ours if cell in theirs and ours[cell].ids == theirs[cell].ids]
    if not shared:
        return Guard("robustness", State.not_measured, "no corrupted rows of the champion")
    own, other = ({cell: one[cell] for cell in shared} for one in (ours, theirs))
    found = robustness(measures, own, other, "champion", how)["mean_corruption_error"]
    told = f"{found['value']:.2f} [{found['low']:.2f}, {found['high']:.2f}] times the errors"
    state = state_of(found["low"], found["value"], limit)
    return Guard("robustness", state, f"{told}, limit {limit:g}")


def behaviour_kept(metrics: dict[str, Any]) -> Guard:
    """Every hard check of behaviour holds on every row."""
    hard = [entry for entry in metrics.get("behaviour", []) if entry["hard"]]
    if not hard:
        return Guard("behaviour", State.not_measured, "no hard checks")
    broken = [entry["check"] for entry in hard if not entry["passed"]]
    told = f"broken: {', '.join(broken)}" if broken else f"{len(hard)} hard checks hold"
    return Guard("behaviour", State.failed if broken else State.passed, told)


def beats_the_simple(metrics: dict[str, Any]) -> Guard:
    """No baseline is ahead for sure: who is simpler and better needs no network."""
    if metrics["verdict"] == "worse":
        return Guard("baselines", State.failed, "a baseline is better")
    return Guard("baselines", State.passed, "none is better for sure")


def latency_kept(ratios: dict[str, Any], limit: float) -> Guard:
    """One row takes at most ``limit`` times as long: median and 95th percentile of fresh processes.

    Another model in turn on a busy machine is noise: only what is slower for sure fails.
    """
    slower = [name for name, ratio in ratios.items() if ratio.low > limit]
    shown = [f"{name} {r.value:.2f} [{r.low:.2f}, {r.high:.2f}]" for name, r in ratios.items()]
    told = f"{', '.join(shown)} times as long, limit {limit:g}"
    return Guard("latency", State.failed if slower else State.passed, told)


def state_of(low: float, high: float, limit: float) -> State:
    """Return what an interval says of a limit that is not to be passed."""
    if high < limit:
        return State.passed
    return State.failed if low > limit else State.unclear


def unit_of(measures: ModuleType, other: Predictions) -> float:
    """Return what a margin is a share of: 1 for accuracy, else the other model's error."""
    return 1.0 if measures.PRIMARY == "accuracy" else float(measures.errors_of(other).mean())


def _ahead(measures: ModuleType, ours: Predictions, theirs: Predictions) -> Any:
    return np.subtract(measures.errors_of(theirs), measures.errors_of(ours))
