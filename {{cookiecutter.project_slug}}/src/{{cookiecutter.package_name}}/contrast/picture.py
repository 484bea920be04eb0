"""The figure of a contrast: both sides on each data set, with their intervals."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..measures.classification import PRIMARY as ACCURACY
from ..reporting.drawing import BASELINE, INK, NETWORK, PAPER, WIDTH, show_percent

COLORS = {"a": BASELINE, "b": NETWORK}
LABELS = {"a": "classical", "b": "network"}


def draw(result: dict[str, Any]) -> Figure:
    """Draw a panel for each setting; accuracies share an axis, errors are in units of their own."""
    settings = result["settings"]
    shares = result["metric"] == ACCURACY
    figure = Figure(figsize=(1.4 * WIDTH, 2.9), layout="constrained")
    panels = figure.subplots(1, len(settings), sharey=shares, squeeze=False)
    for axes, (name, entry) in zip(panels.flat, settings.items(), strict=True):
        for place, side in enumerate(("a", "b")):
            _interval(axes, entry[side], place, COLORS[side])
        axes.set_xticks([0, 1], [LABELS["a"], LABELS["b"]])
        axes.set_xlim(-0.6, 1.6)
        axes.grid(visible=False, axis="x")
        axes.set_title(f"{name}: {entry['verdict']}", fontsize=10, loc="left", color=INK)
        if shares:
            show_percent(axes.yaxis)
    label = "accuracy, more is better" if shares else "mean absolute error, less is better"
    panels.flat[0].set_ylabel(label)
    return figure


def _interval(axes: Axes, entry: dict[str, Any], place: int, color: str) -> None:
    ends = [entry["low"], entry["high"]]
    axes.plot([place, place], ends, color=color, linewidth=2.4, solid_capstyle="round")
    axes.plot(place, entry["value"], "o", color=color, markersize=7, markeredgecolor=PAPER)
