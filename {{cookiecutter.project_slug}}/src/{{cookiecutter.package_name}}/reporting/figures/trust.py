"""Whether probabilities can be believed: reliability, and what leaving rows aside gains."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from ..drawing import (
    BAD,
    BASELINE,
    GRID,
    MUTED,
    NETWORK,
    PAPER,
    SOFT,
    WIDTH,
    new_figure,
    show_percent,
)

BINS = 15  # of equal width, as the calibration error has them
MARKED = 0.9  # of the rows kept


def reliability(bins: dict[str, list[float]]) -> Figure:
    """Draw how often the network is right over how sure it is, and how many rows each bin has.

    Args:
        bins: of each bin with rows their mean confidence, accuracy, number, and the accuracies
            (low, high) that true probabilities would give.
    """
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1.15])
    upper.plot([0, 1], [0, 1], color=SOFT, linewidth=1)
    band: dict[str, Any] = {"linewidth": 8, "alpha": 0.7, "solid_capstyle": "butt"}
    rows = zip(*(bins[name] for name in ("confidence", "accuracy", "low", "high")), strict=True)
    for confidence, accuracy, low, high in rows:
        upper.plot([confidence] * 2, [low, high], color=MUTED, **band)
        color = NETWORK if low <= accuracy <= high else BAD
        upper.plot(confidence, accuracy, "o", color=color, markersize=6.5, markeredgecolor=PAPER)
    upper.set_ylabel("right")
    upper.set_ylim(-0.03, 1.03)
    places = np.minimum((np.array(bins["confidence"]) * BINS).astype(int), BINS - 1)
    lower.bar((places + 0.5) / BINS, bins["rows"], width=0.82 / BINS, color=NETWORK)
    for place, count in zip(places, bins["rows"], strict=True):
        lower.annotate(
            f"{int(count):,}",
            ((place + 0.5) / BINS, count),
            (0, 2),
            textcoords="offset points",
            ha="center",
            color=SOFT,
            fontsize=7,
        )
    lower.set_yscale("log")
    lower.set_ylim(0.7, 6 * max(bins["rows"]))
    lower.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    lower.set_ylabel("rows")
    lower.set_xlabel("confidence: the probability of the predicted class")
    lower.set_xlim(-0.02, 1.02)
    show_percent(upper.yaxis)
    show_percent(lower.xaxis)
    lower.minorticks_off()
    return figure


def risk_coverage(selective: dict[str, Any]) -> Figure:
    """Draw the share of errors among the rows that are kept, the least sure left aside first."""
    figure, axes = new_figure(4.4)
    coverage, risk = np.array(selective["coverage"]), np.array(selective["risk"])
    axes.fill_between(coverage, 0, risk, color=GRID, linewidth=0)
    axes.plot(coverage, risk, color=NETWORK, linewidth=2)
    axes.axvline(MARKED, color=BASELINE, linewidth=1, linestyle=(0, (4, 3)))
    kept = 1 - selective["accuracy_at_90"]["value"]
    axes.plot(MARKED, kept, "o", color=NETWORK, markersize=6.5, markeredgecolor=PAPER)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, max(1.15 * float(risk.max()), 0.01))
    axes.set_xlabel("coverage: the share of rows that are answered")
    axes.set_ylabel("errors among them")
    show_percent(axes.xaxis)
    show_percent(axes.yaxis)
    return figure
