"""What a reader of the headline should also know before relying on the model."""

from __future__ import annotations

from typing import Any

from ..records import looks
from .material import Material
from .shown import PERCENT, listed, with_spread

PROMISED = 0.9  # of targets inside the intervals around values
SURE = 0.05


def cautions(material: Material) -> list[str]:
    """Return a sentence for each thing that speaks against taking the numbers at their word."""
    metrics = material.metrics
    found = [f"A leak was accepted (audit.accept): {leak['message']}" for leak in material.leaks]
    broken = [entry["check"] for entry in metrics.get("behaviour", []) if entry["passed"] is False]
    if broken:
        found.append(f"It behaves as it must not: {listed(broken)}.")
    if metrics.get("calibration", {}).get("error", {}).get("miscalibrated"):
        found.append("Its probabilities are off by more than chance explains.")
    found += [*_intervals(metrics), *_slices(metrics), *_groups(metrics)]
    loose = [name for name, facts in material.tuning.items() if not facts["converged"]]
    if loose:
        found.append(
            f"{listed(loose)} stopped before convergence: with more iterations such a baseline may "
            "be better than it looks here."
        )
    many = looks.warning(material.looks)
    return [*found, many] if many else found


def _intervals(metrics: dict[str, Any]) -> list[str]:
    held = metrics.get("intervals_of_values", {}).get("coverage")
    if not held or held["high"] >= PROMISED:
        return []
    return [f"Its intervals hold {with_spread(held, PERCENT)} of the targets, not {PROMISED:.0%}."]


def _slices(metrics: dict[str, Any]) -> list[str]:
    worse = [
        entry["name"]
        for entry in metrics["slices"]
        if entry["measured"]
        and entry["difference"]["high"] < 0
        and entry["difference"]["p_adjusted"] <= SURE
    ]
    found = [f"It is behind the best baseline where rows are: {listed(worse)}."] if worse else []
    weak = [entry["name"] for entry in metrics["found_slices"] if entry["confirmed"]]
    if weak:
        found.append(f"It errs more where {listed(weak)} (found and confirmed on validation rows).")
    return found


def _groups(metrics: dict[str, Any]) -> list[str]:
    worse = [
        entry["group"]
        for entry in metrics["sensitive_groups"]
        if entry["measured"] and entry["p_adjusted"] <= SURE
    ]
    return [f"It errs more than elsewhere where {listed(worse)}."] if worse else []
