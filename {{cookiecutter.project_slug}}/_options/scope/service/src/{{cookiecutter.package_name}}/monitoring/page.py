"""runs/monitor/monitor.html: what has changed, how far, and since when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from ..reporting.drawing import BAD, MUTED, NETWORK, SOFT, WIDTH, as_svg, new_figure, shortened
from ..reporting.templates import templates_in
from .judging import Findings, changed
from .settings import Settings

MOST_LINES = 4  # columns in the drawing


def render(found: Findings, settings: Settings) -> str:
    """Return the page as HTML text."""
    template = templates_in(Path(__file__).parent).get_template("monitor.html")
    drawn = ""
    if found.windows:
        said = f"Distances of {len(found.windows)} windows from the reference, column by column."
        drawn = as_svg(course, found, settings.distance, alternative=said)
    return template.render(
        found=found,
        settings=settings,
        changed=changed(found.windows),
        course=Markup(drawn),  # noqa: S704 - Matplotlib escapes every text
    )


def course(found: Findings, floor: float) -> Figure:
    """Draw the distances of the columns that differ most, window by window."""
    figure, axes = new_figure(2.9)
    figure.set_figwidth(2 * WIDTH)
    alarmed, last = set(changed(found.windows)), found.windows[-1].columns[:MOST_LINES]
    by_name = [{one.name: one.distance for one in w.columns} for w in found.windows]
    places = np.arange(1 - len(found.windows), 1)
    highest = max(2 * floor, *(one.get(column.name, 0) for one in by_name for column in last))
    below = np.inf
    for column in last:  # the largest distance first
        values = [one.get(column.name, np.nan) for one in by_name]
        color = BAD if column.name in alarmed else NETWORK
        axes.plot(places, values, "o-", color=color, markersize=4, linewidth=1.4)
        below = min(values[-1], below - highest / 11)  # no label over another
        axes.text(0.12, below, shortened(column.name), color=SOFT, fontsize=9, va="center")
    axes.axhline(floor, color=MUTED, linestyle="--", linewidth=1.2)
    axes.set_ylim(0, 1.05 * highest)
    axes.set_xlim(min(-1, places[0]) - 0.1, 0.1)
    axes.set_xticks(places)
    axes.set_xlabel("windows before the last one")
    axes.set_ylabel("distance")
    return figure
