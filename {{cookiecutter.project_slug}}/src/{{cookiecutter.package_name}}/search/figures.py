"""The drawings of a search: numbers in, a figure out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..reporting.drawing import (
    BAD,
    BASELINE,
    GRID,
    MUTED,
    NETWORK,
    PAPER,
    SOFT,
    WIDTH,
    new_figure,
    rows_figure,
    shortened,
)

Trials = list[dict[str, Any]]
MOST_TICKS = 6
TALLEST = 6.0  # times the spread of the better half: worse values are drawn at the edge


def history(trials: Trials, points: int, *, maximize: bool) -> Figure:
    """Draw the value of each trial, and the best so far; trials ended early at their last value."""
    figure, axes = new_figure(2.9)
    complete = [one for one in trials if one["value"] is not None]
    pruned = [one for one in trials if one["state"] == "pruned" and one["last"] is not None]
    low, high = limits([one["value"] for one in complete], maximize=maximize)
    drawn = (("complete", complete, "value", NETWORK), ("ended early", pruned, "last", BASELINE))
    for label, some, key, color in drawn:
        values = np.clip([one[key] for one in some], low, high)
        style = {"markerfacecolor": color if key == "value" else PAPER, "markeredgecolor": color}
        axes.plot([one["number"] for one in some], values, "o", markersize=4, label=label, **style)
    best = np.maximum if maximize else np.minimum
    so_far = best.accumulate([one["value"] for one in complete])
    numbers = [one["number"] for one in complete]
    axes.step(numbers, so_far, where="post", color=NETWORK, label="best so far")
    if points < len(trials):
        axes.axvline(points - 0.5, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
    _frame(axes, low, high)
    axes.set_xlabel("trial")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    figure.legend(ncols=3, fontsize=8, loc="outside upper right")
    return figure


def importance(found: dict[str, float]) -> Figure:
    """Draw which share of the values' variance each key explains, the largest on top."""
    figure, axes = rows_figure(list(found))
    axes.barh(range(len(found)), list(found.values()), height=0.55, color=NETWORK)
    axes.set_xlim(left=0)
    axes.set_xlabel("share of the variance")
    return figure


def slices(trials: Trials, space: dict[str, dict[str, Any]], *, maximize: bool) -> Figure:
    """Draw the values over each key alone, a panel each; later trials are darker."""
    complete = [one for one in trials if one["value"] is not None]
    values = [one["value"] for one in complete]
    low, high = limits(values, maximize=maximize)
    best = (max if maximize else min)(complete, key=lambda one: one["value"])
    across = 2
    down = -(-len(space) // across)
    figure = Figure(figsize=(2 * WIDTH, 0.4 + 1.75 * down), layout="constrained")
    panels = figure.subplots(down, across, sharey=True, squeeze=False)
    order = np.linspace(0.25, 1.0, len(complete))
    for axes in panels.flat[len(space) :]:
        axes.set_visible(False)
    for axes, (key, entry) in zip(panels.flat, space.items(), strict=False):
        places = [place_on(entry, one["params"][key]) for one in complete]
        for place, value, shade in zip(places, np.clip(values, low, high), order, strict=True):
            axes.plot(place, value, "o", color=NETWORK, alpha=shade, markersize=4)
        ring = (place_on(entry, best["params"][key]), float(np.clip(best["value"], low, high)))
        axes.plot(*ring, "o", markersize=9, markerfacecolor="none", markeredgecolor=BAD)
        axes.set_xlabel(shortened(key, 34))
        _ticks(axes, entry)
        axes.set_ylim(*_padded(low, high))
    return figure


def parallel(trials: Trials, space: dict[str, dict[str, Any]], *, maximize: bool) -> Figure:
    """Draw each complete trial as a line across all keys, from low to high; the best on top."""
    complete = [one for one in trials if one["value"] is not None]
    figure, axes = new_figure(3.1, width=2 * WIDTH)
    ranked = sorted(complete, key=lambda one: one["value"], reverse=not maximize)
    for rank, one in enumerate(ranked, start=1):  # the best last, on top
        share = rank / len(ranked)
        heights = [height_on(entry, one["params"][key]) for key, entry in space.items()]
        color, width = (NETWORK, 1.8) if share > 0.8 else (MUTED, 1.0)
        if rank == len(ranked):
            color, width = BAD, 2.2
        axes.plot(range(len(space)), heights, color=color, linewidth=width, alpha=0.9)
    for place, entry in enumerate(space.values()):
        axes.axvline(place, color=GRID, linewidth=1, zorder=0)
        ends = entry.get("choices") or [entry["low"], entry["high"]]
        at = {"ha": "center", "color": SOFT, "fontsize": 8}
        axes.text(place, -0.06, _short(ends[0]), va="top", **at)
        axes.text(place, 1.06, _short(ends[-1]), va="bottom", **at)
    names = [shortened(key.rpartition(".")[2], 16) for key in space]
    axes.set_xticks(range(len(space)), names)
    axes.tick_params(axis="x", length=0, pad=14)
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return figure


def best_of_k(expected: list[float], current: float | None) -> Figure:
    """Draw the expected best value of k trials, and what the current configuration had."""
    figure, axes = new_figure(2.9)
    counts = range(1, len(expected) + 1)
    axes.plot(counts, expected, "o-", color=NETWORK, markersize=3.5, linewidth=1.6)
    if current is not None:
        axes.axhline(current, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
    axes.set_xlabel("trials of the even design")
    axes.set_ylabel("expected best")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    return figure


def limits(values: list[float], *, maximize: bool) -> tuple[float, float]:
    """Return the ends of an axis on which the better half can be told apart."""
    if not values:
        return 0.0, 1.0
    ordered = np.sort(values)
    best, middle = ordered[-1] if maximize else ordered[0], np.median(ordered)
    reach = TALLEST * abs(best - middle) or abs(best) * 0.1 or 1.0
    low, high = (best - reach, best) if maximize else (best, best + reach)
    return max(low, float(ordered[0])), min(high, float(ordered[-1]))


def place_on(entry: dict[str, Any], value: Any) -> float:
    """Return where a value is drawn on the axis of a key."""
    if "choices" in entry:
        return float(entry["choices"].index(value))
    return math.log10(value) if entry.get("log") else float(value)


def height_on(entry: dict[str, Any], value: Any) -> float:
    """Return where a value lies between the ends of a key, 0 to 1."""
    ends = entry.get("choices") or [entry["low"], entry["high"]]
    low, high = place_on(entry, ends[0]), place_on(entry, ends[-1])
    return (place_on(entry, value) - low) / ((high - low) or 1.0)


def _ticks(axes: Axes, entry: dict[str, Any]) -> None:
    if "choices" in entry:
        names = [_short(value) for value in entry["choices"]]
        axes.set_xticks(range(len(names)), names)
    elif entry.get("log"):
        first, last = math.log10(entry["low"]), math.log10(entry["high"])
        places = [p for p in range(math.floor(first), math.ceil(last) + 1) if first <= p <= last]
        places = places if len(places) > 1 else [first, last]
        axes.set_xticks(places, [f"{10**place:.3g}" for place in places])
    else:
        whole = isinstance(entry["low"], int)
        axes.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, integer=whole))


def _frame(axes: Axes, low: float, high: float) -> None:
    axes.set_ylim(*_padded(low, high))


def _padded(low: float, high: float) -> tuple[float, float]:
    room = 0.06 * (high - low) or 0.05
    return low - room, high + room


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else shortened(str(value), 10)
