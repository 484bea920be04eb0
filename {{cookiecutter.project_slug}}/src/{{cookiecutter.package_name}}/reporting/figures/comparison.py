"""Models beside each other, and how far the network is ahead of each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..drawing import (
    BAD,
    BASELINE,
    GOOD,
    GRID,
    MINUS,
    NETWORK,
    SOFT,
    draw_interval,
    rows_figure,
    show_percent,
)


def scores(values: dict[str, dict[str, Any]], label: str, shares: bool) -> Figure:
    """Draw one measure of each model with its interval, the first on top."""
    figure, axes = rows_figure(list(values))
    for height, (name, entry) in enumerate(values.items()):
        draw_interval(axes, entry, height, NETWORK if name == "network" else BASELINE)
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    if shares:
        show_percent(axes.xaxis)
    return figure


def differences(
    found: dict[str, dict[str, Any]], margins: dict[str, float], shares: bool, concluded: bool
) -> Figure:
    """Draw how far the network is ahead of each model, with zero and the margin that matters.

    Args:
        found: of each model the difference, more is better for the network; the first on top.
        margins: of each model the smallest difference that matters, in the same unit.
        shares: whether a difference is one of shares, to be shown in points.
        concluded: whether the colours may say who is ahead for sure.
    """
    figure, axes = rows_figure(list(found))
    for height, (name, entry) in enumerate(found.items()):
        margin = margins[name]
        around = [height - 0.5, height + 0.5]
        axes.fill_betweenx(around, -margin, margin, color=GRID, linewidth=0, zorder=0.5)
        draw_interval(axes, entry, height, verdict_color(entry) if concluded else BASELINE)
    axes.axvline(0, color=SOFT, linewidth=1, zorder=1)
    unit = "points" if shares else "error"
    axes.set_xlabel(f"{unit}: behind ← 0 → ahead" if shares else "behind ← 0 → ahead")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    scale = 100 if shares else 1

    def signed(value: float, place: int | None) -> str:
        del place  # on the axis
        rounded = float(np.round(scale * value, 6))
        return f"{rounded:+g}".replace("-", MINUS) if rounded else "0"

    axes.xaxis.set_major_formatter(FuncFormatter(signed))
    return figure


def verdict_color(entry: dict[str, Any]) -> str:
    """Return the colour of a difference: ahead for sure, behind for sure, or neither."""
    return GOOD if entry["low"] > 0 else BAD if entry["high"] < 0 else BASELINE
