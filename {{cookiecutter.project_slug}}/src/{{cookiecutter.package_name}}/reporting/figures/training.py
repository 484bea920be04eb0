"""How training went, epoch by epoch."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, StrMethodFormatter

from ..drawing import BASELINE, NETWORK, SOFT, new_figure, show_percent


def losses(history: pl.DataFrame, best_epoch: int) -> Figure:
    """Draw the loss on training and validation rows, and mark the epoch that was kept."""
    figure, axes = new_figure(2.9)
    epochs = history["epoch"] + 1
    axes.plot(epochs, history["train/loss"], color=BASELINE, linewidth=1.8, label="training")
    axes.plot(epochs, history["val/loss"], color=NETWORK, linewidth=1.8, label="validation")
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.minorticks_off()
    axes.set_ylabel("loss")
    axes.legend()
    _by_epoch(axes, best_epoch)
    return figure


def validation(history: pl.DataFrame, best_epoch: int) -> Figure:
    """Draw the metric on validation rows, and mark the epoch that was kept."""
    figure, axes = new_figure(2.9)
    name = validated_metric(history)
    axes.plot(history["epoch"] + 1, history[name], color=NETWORK, linewidth=1.8)
    axes.set_ylabel(f"validation {name.removeprefix('val/')}")
    if name == "val/accuracy":
        show_percent(axes.yaxis)
    _by_epoch(axes, best_epoch)
    return figure


def validated_metric(history: pl.DataFrame) -> str:
    """Return the column that holds the metric on validation rows."""
    return next(n for n in history.columns if n.startswith("val/") and n != "val/loss")


def _by_epoch(axes: Axes, best_epoch: int) -> None:
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.axvline(best_epoch + 1, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
