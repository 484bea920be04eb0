"""The figures of the page about the data, drawn from plain values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from ..reporting.drawing import BASELINE, MUTED, NETWORK
from .directions import Directions
from .levels import shorten

ALERT = "#c0562f"
CLASSES = [NETWORK, "#d98032", "#5b9a68", "#8a6bb5", "#b39b2e", BASELINE]  # told apart in grey too
ORDERED = ["#9ccbdd", "#3f92b5", "#0a3f5c"]
WIDE = 9.4  # inches
MOST_SHADED = 3  # groups
MARKS, MARKED_ALIKE = "o^s", 5  # of groups of points: as many colours, then the next mark
LABEL = 26  # characters beside a figure


def bars(values: pd.Series, label: str, shares: bool = True) -> Figure:
    """One bar for each of ``values``, the first on top."""
    figure, axes = _wide(len(values))
    label_rows(axes, [str(name) for name in values.index])
    axes.barh(range(len(values)), values.to_numpy(), height=0.62, color=NETWORK)
    axes.set_xlabel(label)
    if shares:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    return figure


def target_shares(shares: pd.DataFrame) -> Figure:
    """Draw the share of each class (rows) in each part (columns)."""
    parts = len(shares.columns)
    figure, axes = _wide(len(shares) * parts / 2)
    label_rows(axes, [str(name) for name in shares.index])
    height = 0.74 / parts
    for place, part in enumerate(shares.columns):
        offset = (place - (parts - 1) / 2) * height
        axes.barh(
            np.arange(len(shares)) + offset,
            shares[part].to_numpy(),
            height=0.88 * height,
            color=CLASSES[min(place, len(CLASSES) - 1)],
            label=part,
        )
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("share of the part's rows")
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def target_histogram(edges: NDArray[np.float64], shares: pd.DataFrame, label: str) -> Figure:
    """Draw the shares of bins (rows) in each part (columns)."""
    figure = Figure(figsize=(WIDE, 2.6), layout="constrained")
    axes = figure.subplots()
    draw_stairs(axes, edges, shares, CLASSES)
    axes.set_xlabel(label)
    axes.set_ylabel("share of the part's rows")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def associations(found: pd.DataFrame) -> Figure:
    """Draw each column's ``association``, and up to where ``chance`` would take it."""
    figure, axes = _wide(len(found))
    label_rows(axes, [str(name) for name in found.index])
    places = np.arange(len(found))
    colors = np.where(found["noise"], MUTED, NETWORK).tolist()
    axes.barh(places, found["association"].to_numpy(), height=0.62, color=colors)
    axes.plot(found["chance"].to_numpy(), places, "|", color=ALERT, markersize=9, label="chance")
    axes.set_xlim(0, max(float(found["association"].max()), 0.05) * 1.05)
    axes.set_xlabel("share of the target's entropy that the column alone explains")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    return figure


def matrix(values: pd.DataFrame) -> Figure:
    """Draw correlations from -1 to 1, with the names of the columns."""
    names = [shorten(str(name), LABEL) for name in values.index]
    side = min(8.4, 2.4 + 0.19 * len(names))
    figure = Figure(figsize=(side + 0.7, side), layout="constrained")
    axes = figure.subplots()
    colors = colormaps["RdBu_r"].with_extremes(bad=MUTED)
    image = axes.imshow(values.to_numpy(np.float64), cmap=colors, vmin=-1, vmax=1)
    axes.grid(visible=False)
    size = 8 if len(names) <= 30 else 7
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=size)
    axes.set_yticks(range(len(names)), names, fontsize=size)
    figure.colorbar(image, shrink=0.5, ticks=[-1, -0.5, 0, 0.5, 1]).outline.set_visible(False)
    return figure


def distances(found: pd.DataFrame, floor: float) -> Figure:
    """Draw the ``distance`` of each part (columns of ``part``) in each column of the data."""
    names = list(dict.fromkeys(found["column"]))
    figure, axes = _wide(len(names))
    label_rows(axes, names)
    axes.axvline(floor, color=MUTED, linestyle="--", linewidth=1)
    place = {name: number for number, name in enumerate(names)}
    for number, (part, rows) in enumerate(found.groupby("part", observed=True)):
        heights = rows["column"].map(place).to_numpy()
        colors = np.where(rows["flag"], ALERT, BASELINE).tolist()
        mark = "osD^v<>ph"[number % 9]
        axes.scatter(rows["distance"], heights, marker=mark, c=colors, s=26, label=str(part))
    axes.set_xlim(left=0)
    axes.set_xlabel("largest difference between shares of rows")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def directions(found: Directions, colors: list[str]) -> Figure:
    """Draw where rows lie in the two directions of most variance, by group of the target."""
    figure = Figure(figsize=(WIDE, 5.2), layout="constrained")
    axes = figure.subplots()
    for place, name in enumerate(found.groups.names):
        first, second = found.places[found.groups.codes == place].T
        mark, color = MARKS[place // MARKED_ALIKE], colors[place % MARKED_ALIKE]
        told = {"label": shorten(name, LABEL), "markersize": 4, "alpha": 0.7}
        axes.plot(first, second, mark, color=color, markeredgewidth=0, **told)
    axes.set_aspect("equal", adjustable="datalim")  # distances are what it shows
    first, second = (f"{share:.1%} of the variance" for share in found.shares)
    axes.set_xlabel(f"first direction: {first}")
    axes.set_ylabel(f"second direction: {second}")
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _wide(rows: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDE, 0.75 + 0.24 * rows), layout="constrained")
    return figure, figure.subplots()


def label_rows(axes: Axes, names: list[str], longest: int = LABEL) -> None:
    """Write ``names`` beside rows 0, 1, ... of ``axes``, the first on top."""
    axes.set_yticks(range(len(names)), [shorten(name, longest) for name in names], fontsize=8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def draw_stairs(
    axes: Axes, edges: NDArray[np.float64], shares: pd.DataFrame, colors: list[str]
) -> None:
    """Draw the outlines of histograms: ``shares`` of bins (rows) in groups (columns)."""
    shade = 0.12 if len(shares.columns) <= MOST_SHADED else 0.0
    for place, group in enumerate(shares.columns):
        color = colors[min(place, len(colors) - 1)]
        heights = shares[group].to_numpy()
        filled = {"facecolor": to_rgba(color, shade), "edgecolor": color, "linewidth": 1.4}
        axes.stairs(heights, edges, fill=True, label=group, **filled)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(bottom=0)
