"""Small figures of one column each, to stand beside each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from ..reporting.drawing import BASELINE, MUTED, NETWORK
from .drawings import LABEL, draw_stairs, label_rows
from .levels import shorten

SMALL, WIDER = 3.0, 4.5  # inches


def histogram(
    edges: NDArray[np.float64], shares: pd.DataFrame, colors: list[str], unit: str
) -> Figure:
    """Draw shares of bins (rows) in each group of the target (columns), on one axis."""
    figure, axes = _small(left=0.05, bottom=0.22 if unit else 0.15)
    draw_stairs(axes, edges, shares, colors)
    axes.set_xlabel(shorten(unit, LABEL), labelpad=1, fontsize=8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    return figure


def bars(shares: pd.DataFrame, colors: list[str]) -> Figure:
    """Draw shares of levels (rows) in each group of the target (columns), side by side."""
    figure, axes = _small(left=0.36, bottom=0.15)
    label_rows(axes, [str(name) for name in shares.index], longest=16)
    height = 0.8 / len(shares.columns)
    for place, group in enumerate(shares.columns):
        offset = (place - (len(shares.columns) - 1) / 2) * height
        centres = np.arange(len(shares)) + offset
        axes.barh(centres, shares[group].to_numpy(), height=height, color=colors[place])
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return figure


def slices(found: pd.DataFrame, overall: float, share: bool, unit: str) -> Figure:
    """Draw each slice's ``value`` with its interval; those of ``few`` rows are pale."""
    figure = Figure(figsize=(WIDER, 0.6 + 0.27 * len(found)))
    bottom = 0.5 / figure.get_figheight()
    axes = figure.add_axes((0.42, bottom, 0.55, 0.97 - bottom))
    names = [
        f"{shorten(str(name), 20)}  ({rows:,})"
        for name, rows in zip(found.index, found["rows"], strict=True)
    ]
    label_rows(axes, names, longest=40)
    axes.axvline(overall, color=MUTED, linestyle="--", linewidth=1)
    for place, (few, value, low, high) in enumerate(
        zip(found["few"], found["value"], found["low"], found["high"], strict=True)
    ):
        color = BASELINE if few else NETWORK
        axes.plot([low, high], [place, place], color=color, linewidth=2.5)
        axes.plot(value, place, "o", color=color, markersize=6)
    axes.set_xlabel(shorten(unit, 40), fontsize=8)
    axes.tick_params(labelsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    if share:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return figure


def _small(left: float, bottom: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(SMALL, 1.6))
    axes = figure.add_axes((left, bottom, 0.96 - left, 0.97 - bottom))
    axes.tick_params(labelsize=8, length=2)
    return figure, axes
