"""Parts of the rows, and corrupted rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..drawing import (
    BAD,
    BASELINE,
    GOOD,
    MUTED,
    NETWORK,
    SOFT,
    WIDTH,
    draw_interval,
    rows_figure,
    show_percent,
)

SEVERITIES = 5


def slices(
    found: list[tuple[str, dict[str, Any]]], everywhere: float, label: str, shares: bool
) -> Figure:
    """Draw a metric of each part with its interval, and its value over all rows.

    Args:
        found: name of each part, and its value with the interval.
        everywhere: the value over all rows.
        label: what is measured.
        shares: whether it is a share.
    """
    figure, axes = rows_figure([name for name, _ in found])
    for height, (_, entry) in enumerate(found):
        draw_interval(axes, entry, height, NETWORK)
    axes.axvline(everywhere, color=SOFT, linewidth=1, zorder=1)
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    if shares:
        show_percent(axes.xaxis)
    return figure


def corruption_errors(found: dict[str, dict[str, Any]], mean: dict[str, Any]) -> Figure:
    """Draw each corruption's error relative to the reference's, and their mean; 1 is equal."""
    rows = {**found, "mean": mean}
    figure, axes = rows_figure(list(rows))
    for height, entry in enumerate(rows.values()):
        color = GOOD if entry["high"] < 1 else BAD if entry["low"] > 1 else BASELINE
        draw_interval(axes, entry, height, color)
    axes.axvline(1, color=SOFT, linewidth=1, zorder=1)
    axes.axhline(len(found) - 0.5, color=MUTED, linewidth=0.8)
    axes.set_xlim(left=0)
    axes.set_xlabel("errors, as a multiple of the reference's")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    return figure


def degradation(cells: list[dict[str, Any]], reference: str, shares: bool) -> Figure:
    """Draw how network and reference get worse with the severity, a panel for each corruption."""
    corruptions = list(dict.fromkeys(cell["corruption"] for cell in cells))
    across = min(2, len(corruptions))
    down = -(-len(corruptions) // across)
    figure = Figure(figsize=(WIDTH, 0.5 + 1.55 * down), layout="constrained")
    panels = np.atleast_1d(figure.subplots(down, across, sharex=True, sharey=True, squeeze=False))
    for axes in panels.flat[len(corruptions) :]:
        axes.set_visible(False)
    for axes, corruption in zip(panels.flat, corruptions, strict=False):
        mine = [cell for cell in cells if cell["corruption"] == corruption]
        steps = [cell["severity"] for cell in mine]
        for name, color in (("network", NETWORK), (reference, BASELINE)):
            low, value, high = ([cell[name][e] for cell in mine] for e in ("low", "value", "high"))
            axes.fill_between(steps, low, high, color=color, alpha=0.18, linewidth=0)
            axes.plot(steps, value, "o-", color=color, markersize=3.5, linewidth=1.6, label=name)
        axes.set_title(corruption, fontsize=10, loc="left", color=SOFT)
        axes.set_xticks(range(1, SEVERITIES + 1))
        if shares:
            show_percent(axes.yaxis)
    figure.supxlabel("severity", fontsize=10, color=SOFT)
    figure.legend(*panels.flat[0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return figure
