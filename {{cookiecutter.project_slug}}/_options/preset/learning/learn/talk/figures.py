"""One figure a slide, drawn for the last row of seats: few marks, large words beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.reporting.drawing import (
    BAD,
    BASELINE,
    GRID,
    INK,
    NETWORK,
    SOFT,
    draw_interval,
    new_figure,
    shortened,
)

from .numbers import Frequency

WIDTH = 3.5  # inches for the width of a telephone: letters of 10 points are 14 pixels there
MOST_KINDS = 12
LONGEST_NAME = 38
PALE = "#9ccbdd"  # could be right, could be wrong
ROUND = [1, 2, 5, 10]  # steps of an axis
Entries = dict[str, dict[str, Any]]


def examples(kinds: dict[str, int]) -> Figure:
    """Draw how many examples of each kind were tested."""
    shown = dict(list(kinds.items())[:MOST_KINDS])
    figure, axes = new_figure(0.6 + 0.34 * len(shown), WIDTH)
    heights = range(len(shown))
    axes.barh(heights, list(shown.values()), height=0.62, color=NETWORK)
    axes.set_yticks(heights, [shortened(name, 14) for name in shown])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    for height, rows in enumerate(shown.values()):
        axes.annotate(f"{rows:,}", (rows, height), (4, 0), textcoords="offset points", va="center")
    axes.set_xlim(0, 1.2 * max(shown.values()))
    axes.set_xlabel("examples that were tested")
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True, steps=ROUND))
    axes.grid(visible=False, axis="y")
    return figure


def numbers(targets: NDArray[np.floating]) -> Figure:
    """Draw the true numbers of the examples that were tested."""
    figure, axes = _histogram(targets)
    axes.set_xlabel("the true number")
    return figure


def dots(found: Frequency) -> Figure:
    """Draw each of the whole as a dot: right for sure, could go either way, wrong for sure."""
    columns, size = {100: (10, 13.0), 1_000: (40, 4.6)}.get(found.of, (100, 1.9))
    figure, axes = new_figure(3.7 if columns == 10 else 2.8 if columns == 40 else 3.9, WIDTH)
    places = np.arange(found.of)
    either = (places >= found.low) & (places < found.high)
    for chosen, color, name in (
        (places < found.low, NETWORK, "right"),
        (either, PALE, "either way"),
        (places >= found.high, BAD, "wrong"),
    ):
        if chosen.any():
            across, down = places[chosen] % columns, places[chosen] // columns
            label = f"{name}: {int(chosen.sum()):,}"
            axes.plot(across, down, "o", color=color, markersize=size, label=label)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.axis("off")
    look = {"handletextpad": 0.1, "columnspacing": 1.0, "markerscale": 7 / size}
    figure.legend(loc="outside lower center", ncols=3, **look)
    return figure


def errors(off: NDArray[np.floating], entry: dict[str, Any]) -> Figure:
    """Draw how many examples are how far off, with the average and what it could be."""
    figure, axes = _histogram(np.abs(off))
    axes.axvspan(entry["low"], entry["high"], color=BAD, alpha=0.25, linewidth=0)
    axes.axvline(entry["value"], color=BAD, linewidth=2)
    place = (entry["high"], axes.get_ylim()[1])
    axes.annotate("average", place, (5, -11), textcoords="offset points", color=BAD)
    axes.set_xlabel("how far off")
    return figure


def ways(models: Entries, shares: bool) -> Figure:
    """Draw each way with what it could be."""
    figure, axes = _intervals(models, NETWORK)
    _scale(axes, "right, of 100" if shares else "how far off on average", shares)
    return figure


def parts(found: Entries, shares: bool) -> Figure:
    """Draw how much is wrong in each part, the worst on top and in another colour."""
    figure, axes = _intervals(found, BAD)
    most = max(entry["high"] for entry in found.values())
    axes.set_xlim(-0.03 * most, 1.05 * most)
    _scale(axes, "wrong, of 100" if shares else "how far off on average", shares)
    return figure


def gap(difference: dict[str, Any], margin: float, shares: bool) -> Figure:
    """Draw the difference with what it could be, beside what would be too small to matter."""
    figure, axes = new_figure(2.1, WIDTH)
    ends = [difference["low"], difference["high"], -margin, margin]
    room = 0.15 * (max(ends) - min(ends))
    axes.axvspan(-margin, margin, color=GRID, linewidth=0)
    axes.axvline(0, ymax=0.66, color=SOFT, linewidth=1)
    color = NETWORK if difference["low"] > 0 else BAD if difference["high"] < 0 else SOFT
    draw_interval(axes, difference, 0, color)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_ylim(-1, 1.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title("simple way better", loc="left", fontsize=9, color=SOFT)
    axes.set_title("ours better", loc="right", fontsize=9, color=SOFT)
    axes.text(0, 1.45, "too small\nto matter", ha="center", va="top", color=SOFT, fontsize=8)
    _scale(axes, "more answers right, of 100" if shares else "less far off, on average", shares)
    return figure


def _histogram(values: NDArray[np.floating]) -> tuple[Figure, Axes]:
    figure, axes = new_figure(2.9, WIDTH)
    axes.hist(values, bins=16, color=PALE)
    axes.set_ylabel("examples")
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, steps=ROUND))
    return figure, axes


def _intervals(found: Entries, first: str) -> tuple[Figure, Axes]:
    """Draw an interval below each name, the first in a colour of its own."""
    figure, axes = new_figure(0.6 + 0.5 * len(found), WIDTH)
    for height, (name, entry) in enumerate(found.items()):
        draw_interval(axes, entry, height, BASELINE if height else first)
        whole = axes.get_yaxis_transform()
        text = shortened(name, LONGEST_NAME)
        axes.text(0, height - 0.28, text, transform=whole, va="bottom", color=INK)
    axes.set_ylim(len(found) - 0.6, -0.9)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.08)
    return figure, axes


def _scale(axes: Axes, label: str, shares: bool) -> None:
    """Say what is drawn, and write shares as so many of 100."""
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    if shares:
        axes.xaxis.set_major_formatter(FuncFormatter(_of_100))


def _of_100(value: float, place: int | None) -> str:
    del place  # on the axis
    return f"{round(100 * value, 1):g}".replace("-", "\N{MINUS SIGN}")
