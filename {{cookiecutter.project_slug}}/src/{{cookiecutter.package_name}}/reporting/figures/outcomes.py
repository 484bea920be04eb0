"""What was predicted against what is true: classes, and values."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ..drawing import GRID, INK, MUTED, NETWORK, SOFT, WIDTH, new_figure, shortened

MOST_NUMBERS, MOST_LABELS = 20, 30  # classes whose counts, and whose names, can still be read
LONGEST_NAME = 14  # characters
LETTER, LARGEST_CELL = 0.0088, 0.95  # inches: of a letter for each point of its size, and of a cell
MOST_POINTS = 1500
PALEST, DEEPEST = 0.14, 0.55  # opacity, so that numbers can be read on it by day and by night

Values = NDArray[np.floating]


def confusion_matrix(counts: NDArray[np.int64], classes: list[str]) -> Figure:
    """Draw counts (targets, predictions); the shade is the share of the target's rows.

    Many classes are numbered from 1 on, every fifth of them.
    """
    count, step = len(classes), 1 if len(classes) <= MOST_LABELS else 5
    labels = [shortened(name, LONGEST_NAME) for name in classes]
    labels = labels if step == 1 else [str(1 + place) for place in range(0, count, step)]
    size = 10 if count <= 12 or step > 1 else 8 if count <= MOST_NUMBERS else 7
    longest = size * LETTER * max(map(len, labels))  # inches
    cell = min(LARGEST_CELL, (WIDTH - 0.7 - longest) / count)
    slant = 90 if longest > 0.9 * cell * step else 0
    figure, axes = new_figure(0.7 + cell * count + (longest if slant else 0))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        depth = PALEST + (DEEPEST - PALEST) * float(shares[row, column])
        look = {"color": NETWORK, "alpha": depth, "linewidth": 0}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **look))
        if count <= MOST_NUMBERS:
            number = str(counts[row, column])
            axes.text(column, row, number, ha="center", va="center", color=INK, fontsize=size - 1)
    _lay_out(axes, count)
    axes.set_xticks(range(0, count, step), labels, rotation=slant, fontsize=size)
    axes.set_yticks(range(0, count, step), labels, fontsize=size)
    return figure


def _lay_out(axes: Axes, count: int) -> None:
    """Make room for ``count`` square cells a side, with lines between them if they are few."""
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks(np.arange(-0.5, count), minor=True)
    axes.set_yticks(np.arange(-0.5, count), minor=True)
    if count <= MOST_NUMBERS:
        axes.grid(visible=True, which="minor", color=GRID)
    axes.tick_params(which="minor", length=0)
    axes.set_xlabel("predicted")
    axes.set_ylabel("target")


def predicted_values(targets: Values, predicted: Values, half_width: float | None) -> Figure:
    """Draw predictions over targets with the line of no error, and the interval around it.

    Of many rows every second one, third one and so on is drawn.
    """
    figure, axes = new_figure(3.7)
    ends = np.array([min(targets.min(), predicted.min()), max(targets.max(), predicted.max())])
    if half_width is not None:
        axes.fill_between(ends, ends - half_width, ends + half_width, color=GRID, linewidth=0)
    axes.plot(ends, ends, color=SOFT, linewidth=1)
    _points(figure, targets, predicted)
    axes.set_xlabel("target")
    axes.set_ylabel("predicted")
    return figure


def residuals(targets: Values, predicted: Values, half_width: float | None) -> Figure:
    """Draw the errors over the predictions, with zero and the interval around it."""
    figure, axes = new_figure(3.7)
    if half_width is not None:
        axes.axhspan(-half_width, half_width, color=GRID, linewidth=0)
    axes.axhline(0, color=SOFT, linewidth=1)
    _points(figure, predicted, predicted - targets)
    axes.set_xlabel("predicted")
    axes.set_ylabel("predicted \N{MINUS SIGN} target")
    return figure


def _points(figure: Figure, across: Values, up: Values) -> None:
    step = -(-len(across) // MOST_POINTS)
    (axes,) = figure.axes
    look = {"markersize": 4, "alpha": 0.55, "markeredgewidth": 0, "color": NETWORK}
    axes.plot(across[::step], up[::step], "o", **look)
    axes.spines[["left", "bottom"]].set_color(MUTED)
