from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle, StepPatch

from {{ cookiecutter.package_name }}.exploration import multiples

COLORS = ["#0b6e99", "#d98032"]


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_groups_share_the_bins_of_a_histogram() -> None:
    edges = np.array([0.0, 1, 2])
    shares = pd.DataFrame({"a": [0.4, 0.6], "b": [0.9, 0.1]})
    axes = multiples.histogram(edges, shares, COLORS, "mm").axes[0]
    outlines = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    data: list[Any] = [outline.get_data() for outline in outlines]
    assert [drawn.values.tolist() for drawn in data] == [[0.4, 0.6], [0.9, 0.1]]
    assert [to_hex(outline.get_edgecolor()) for outline in outlines] == COLORS
    assert axes.get_xlim() == (0, 2)
    assert axes.get_xlabel() == "mm"


def test_groups_have_bars_side_by_side() -> None:
    shares = pd.DataFrame({"a": [0.4, 0.6], "b": [0.9, 0.1]}, ["red", "a blue that is long"])
    axes = multiples.bars(shares, COLORS).axes[0]
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.4, 0.6, 0.9, 0.1]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in bars]
    np.testing.assert_allclose(middles, [-0.2, 0.8, 0.2, 1.2])
    assert rows(axes) == ["red", "a blue that is …"]


def test_slices_show_their_rows_their_intervals_and_which_are_too_few() -> None:
    found = pd.DataFrame(
        {"rows": [1200, 7], "value": [0.5, 0.2], "low": [0.4, 0.1], "high": [0.6, 0.5]},
        ["1 to 2", "missing"],
    ).assign(few=[False, True])
    axes = multiples.slices(found, 0.45, True, "share of yes").axes[0]
    assert rows(axes) == ["1 to 2  (1,200)", "missing  (7)"]
    everywhere, *lines = axes.lines
    assert np.asarray(everywhere.get_xdata()).tolist() == [0.45, 0.45]
    assert [np.asarray(line.get_xdata()).tolist() for line in lines] == [
        [0.4, 0.6],
        [0.5],
        [0.1, 0.5],
        [0.2],
    ]
    assert [line.get_color() for line in lines] == [multiples.NETWORK] * 2 + [
        multiples.BASELINE
    ] * 2
    assert axes.get_xlabel() == "share of yes"
