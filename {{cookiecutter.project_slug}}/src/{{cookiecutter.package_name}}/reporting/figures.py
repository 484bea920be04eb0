"""The report's figures, drawn from plain values; each returns a Matplotlib figure."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import polars as pl
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

NETWORK, BASELINE, MUTED = "#0b6e99", "#8a929c", "#d6dae0"
MOST_LABELS, MOST_NUMBERS = 40, 20  # classes of a confusion matrix that can still be read
LONGEST_LABEL = 16  # characters
MOST_POINTS = 3000
STYLE = {
    "font.size": 10,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.grid": True,
    "grid.color": "#eef0f3",
    "axes.axisbelow": True,
    "svg.hashsalt": "report",  # the same figure gives the same bytes
    "svg.fonttype": "none",
}


def scores(models: dict[str, dict[str, Any]], metric: str, label: str) -> Figure:
    """Draw one metric of each model with its interval, the best on top."""
    less_is_better = metric != "accuracy"
    names = sorted(models, key=lambda name: models[name][metric]["value"], reverse=less_is_better)
    figure = Figure(figsize=(7.2, 0.5 + 0.42 * len(names)), layout="constrained")
    axes = figure.subplots()
    for height, name in enumerate(names):
        entry = models[name][metric]
        color = NETWORK if name == "network" else BASELINE
        axes.plot(
            [entry["low"], entry["high"]],
            [height, height],
            color=color,
            linewidth=3,
            solid_capstyle="round",
        )
        axes.plot(entry["value"], height, "o", color=color, markersize=8)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel(f"{label} on the test rows")
    if not less_is_better:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylim(-0.6, len(names) - 0.4)
    return figure


def learning_curves(history: pl.DataFrame, best_epoch: int) -> Figure:
    """Draw loss and validation metric over the epochs, and mark the epoch that was kept."""
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    loss, metric = figure.subplots(1, 2)
    epochs = history["epoch"] + 1
    loss.plot(epochs, history["train/loss"], color=BASELINE, label="training")
    loss.plot(epochs, history["val/loss"], color=NETWORK, label="validation")
    loss.set_yscale("log")
    loss.set_ylabel("loss")
    loss.legend(frameon=False)
    name = next(n for n in history.columns if n.startswith("val/") and n != "val/loss")
    metric.plot(epochs, history[name], color=NETWORK)
    metric.set_ylabel(f"validation {name.removeprefix('val/')}")
    if name == "val/accuracy":
        metric.yaxis.set_major_formatter(PercentFormatter(1.0))
    for axes in (loss, metric):
        axes.set_xlabel("epoch")
        axes.axvline(best_epoch + 1, color=MUTED, linestyle="--", linewidth=1)
    return figure


def predicted_values(targets: NDArray[np.floating], predicted: NDArray[np.floating]) -> Figure:
    """Draw predictions over targets, at most some thousand of them, with the line of no error."""
    step = -(-len(targets) // MOST_POINTS)
    figure = Figure(figsize=(5.2, 4.6), layout="constrained")
    axes = figure.subplots()
    ends = [float(min(targets.min(), predicted.min())), float(max(targets.max(), predicted.max()))]
    axes.plot(ends, ends, color=MUTED)
    axes.plot(targets[::step], predicted[::step], ".", color=NETWORK, alpha=0.5)
    axes.set_xlabel("target")
    axes.set_ylabel("predicted")
    return figure


def confusion_matrix(counts: NDArray[np.int64], classes: list[str]) -> Figure:
    """Draw counts (targets, predictions); the shade is the share of the target's rows."""
    cut = [name[:LONGEST_LABEL] for name in classes]
    labels = [part if part == name else f"{part}…" for part, name in zip(cut, classes, strict=True)]
    side = min(7.2, 1.5 + 0.42 * len(labels) + 0.07 * max(map(len, labels)))
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(visible=False)
    if len(classes) <= MOST_LABELS:
        slant = 45 if max(map(len, labels)) > 3 else 0
        axes.set_xticks(range(len(labels)), labels, rotation=slant, parse_math=False)
        axes.set_yticks(range(len(labels)), labels, parse_math=False)  # a $ is a $
    axes.set_xlabel("predicted")
    axes.set_ylabel("target")
    if len(classes) <= MOST_NUMBERS:
        for (row, column), count in np.ndenumerate(counts):
            color = "white" if shares[row, column] > 0.5 else "#333333"
            if count:
                axes.text(
                    column, row, str(count), ha="center", va="center", color=color, fontsize=9
                )
    return figure


def as_svg(draw: Any, *values: Any) -> str:
    """Call ``draw`` in the report's style and return the figure as SVG text."""
    stream = io.StringIO()
    with rc_context(STYLE):
        draw(*values).savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]
