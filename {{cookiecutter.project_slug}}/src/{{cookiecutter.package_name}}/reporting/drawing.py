"""How figures look and become SVG text: fixed colours here, by day and by night those of the page.

A figure is drawn in the colours of ``COLORS`` alone. In its SVG they are then variables that
style.css gives values to, so that one drawing serves a light and a dark page.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

INK, SOFT, MUTED, GRID, PAPER = "#1b2430", "#56616e", "#c9d0d8", "#e9ecf0", "#fefefe"
NETWORK, BASELINE, GOOD, BAD = "#0b6e99", "#7d8793", "#1a7444", "#b3312a"
COLORS = {
    INK: "ink",
    SOFT: "soft",
    MUTED: "muted",
    GRID: "grid",
    PAPER: "paper",
    NETWORK: "network",
    BASELINE: "baseline",
    GOOD: "good",
    BAD: "bad",
    "#9ccbdd": "low",  # thirds of a target that is a number
    "#3f92b5": "middle",
    "#0a3f5c": "high",
}
MINUS = "\N{MINUS SIGN}"
WIDTH = 4.7  # inches: wide enough for a telephone, and two beside each other on a desk
LONGEST_LABEL = 22  # characters beside a figure
STYLE = {
    "font.size": 10,
    "font.family": "sans-serif",
    "text.color": INK,
    "text.parse_math": False,  # a $ is a $
    "axes.labelcolor": SOFT,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "legend.frameon": False,
    "legend.labelcolor": SOFT,
    "svg.hashsalt": "report",  # the same figure gives the same bytes
    "svg.fonttype": "none",
}


def as_svg(draw: Callable[..., Figure], *values: object, alternative: str = "") -> str:
    """Call ``draw`` in the report's style and return the figure as SVG text.

    Args:
        draw: returns a figure.
        values: what it is given.
        alternative: what the figure says, for those who do not see it.
    """
    stream = io.StringIO()
    with rc_context(STYLE), warnings.catch_warnings():
        # The reader's browser has the letters that the font used for measuring lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        draw(*values).savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)  # it would be the whole page's
    text = re.sub(r"<[^>]+>", _for_a_page, text)  # in tags alone: what people wrote stays
    text = re.sub(r">\s+<", ">\n<", text)
    text = _own_names(text)
    if alternative:
        spoken = f'<svg role="img" aria-label="{html.escape(alternative)}" '
        text = text.replace("<svg ", spoken, 1)
    return text


def _for_a_page(tag: re.Match[str]) -> str:
    """Return a tag of Matplotlib's with the page's colours and fonts, and without a name."""
    text = re.sub(r" font-family: [^;\"]+;?", "", tag[0])
    if text.startswith("<g "):
        text = re.sub(r' id="[^"]*"', "", text)  # each figure has an "axes_1"; nothing refers to it
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    return re.sub(r"#[0-9a-f]{6}\b(?=[;\"])", lambda found: css(found[0]), text)


def _own_names(text: str) -> str:
    """Return SVG text whose ids are no other figure's: they are the page's, not the figure's."""
    names = sorted(set(re.findall(r'<[^>]* id="([^"]+)"', text)))
    if not names:
        return text
    mark = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
    either = "|".join(map(re.escape, names))
    return re.sub(rf'(\bid="|#)({either})(?=["\)])', rf"\1f{mark}-\2", text)


def css(color: str) -> str:
    """Return what the page calls ``color``, and itself where there is no page (a notebook)."""
    return f"var(--{COLORS[color]}, {color})" if color in COLORS else color


def new_figure(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def rows_figure(names: list[str], per_row: float = 0.34) -> tuple[Figure, Axes]:
    """Return a figure with a row for each name, the first on top, at heights 0, 1, ..."""
    figure, axes = new_figure(0.62 + per_row * len(names))
    axes.set_yticks(range(len(names)), [shortened(name) for name in names])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    return figure, axes


def draw_interval(axes: Axes, entry: dict[str, Any], height: float, color: str) -> None:
    """Draw the interval of ``entry`` as a line, and its value as a point on it."""
    ends = np.array([entry["low"], entry["high"]])
    axes.plot(ends, [height, height], color=color, linewidth=2.4, solid_capstyle="round")
    axes.plot(entry["value"], height, "o", color=color, markersize=7, markeredgecolor=PAPER)


def show_percent(axis: Axis) -> None:
    """Write the values of ``axis`` as percentages."""

    def told(value: float, place: int | None) -> str:
        del place  # on the axis
        return f"{round(100 * value, 6):g}%"

    axis.set_major_formatter(FuncFormatter(told))


def shortened(name: str, longest: int = LONGEST_LABEL) -> str:
    """Return ``name``, cut to at most ``longest`` characters."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
