import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle, StepPatch

from {{ cookiecutter.package_name }}.exploration import drawings
from {{ cookiecutter.package_name }}.exploration.directions import Directions
from {{ cookiecutter.package_name }}.exploration.levels import Levels
from {{ cookiecutter.package_name }}.reporting.drawing import as_svg


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def widths(axes: Axes) -> list[float]:
    return [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]


def test_bars_stand_in_their_order_the_first_on_top() -> None:
    axes = drawings.bars(pd.Series({"b": 0.5, "a": 0.25}), "share").axes[0]
    assert rows(axes) == ["b", "a"]
    assert widths(axes) == [0.5, 0.25]
    low, high = axes.get_ylim()
    assert low > high
    assert axes.get_xlabel() == "share"


def test_each_part_has_a_bar_for_each_class() -> None:
    shares = pd.DataFrame({"train": [0.75, 0.25], "test": [0.5, 0.5]}, ["a", "b"])
    figure = drawings.target_shares(shares)
    assert widths(figure.axes[0]) == [0.75, 0.25, 0.5, 0.5]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["train", "test"]


def test_the_target_of_each_part_is_an_outline_of_its_own() -> None:
    edges = np.array([0.0, 1, 2])
    shares = pd.DataFrame({"train": [0.4, 0.6], "test": [0.9, 0.1]})
    axes = drawings.target_histogram(edges, shares, "price").axes[0]
    outlines = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    data: list[Any] = [outline.get_data() for outline in outlines]
    assert [drawn.values.tolist() for drawn in data] == [[0.4, 0.6], [0.9, 0.1]]
    assert [drawn.edges.tolist() for drawn in data] == [[0, 1, 2]] * 2
    assert axes.get_xlabel() == "price"


def test_associations_are_pale_where_they_are_noise_and_chance_is_marked() -> None:
    found = pd.DataFrame(
        {"association": [0.5, 0.01], "chance": [0.02, 0.03], "noise": [False, True]}, ["x", "noise"]
    )
    axes = drawings.associations(found).axes[0]
    assert rows(axes) == ["x", "noise"]
    assert widths(axes) == [0.5, 0.01]
    colors = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert colors == [drawings.NETWORK, drawings.MUTED]
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [0.02, 0.03]


def test_correlations_are_shaded_from_minus_one_to_one() -> None:
    values = pd.DataFrame([[1, -0.5], [-0.5, np.nan]], ["a", "b"], ["a", "b"])
    axes = drawings.matrix(values).axes[0]
    image = axes.images[0]
    np.testing.assert_array_equal(np.ma.filled(np.ma.asarray(image.get_array()), np.nan), values)
    assert image.get_clim() == (-1, 1)
    assert rows(axes) == ["a", "b"]


def test_parts_are_told_apart_by_their_mark_and_flags_by_their_color() -> None:
    found = pd.DataFrame(
        {
            "column": ["x", "x", "z"],
            "part": pd.Categorical(["test", "val", "test"], ["val", "test"]),
            "distance": [0.5, 0.1, 0.05],
            "flag": [True, False, False],
        }
    )
    figure = drawings.distances(found, 0.1)
    axes = figure.axes[0]
    assert rows(axes) == ["x", "z"]
    val, test = axes.collections
    assert np.asarray(val.get_offsets()).tolist() == [[0.1, 0]]
    assert np.asarray(test.get_offsets()).tolist() == [[0.5, 0], [0.05, 1]]
    colors = [to_hex(color) for color in np.asarray(test.get_facecolor())]
    assert colors == [drawings.ALERT, drawings.BASELINE]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["val", "test"]


def test_each_group_has_its_points_and_each_axis_its_share_of_the_variance() -> None:
    places = np.array([[-2.0, 1], [3, 0], [4, -1]])
    names = ["a", "b", *"cdef", "g"]
    found = Directions(places, np.array([0.625, 0.25]), Levels(np.array([0, 6, 0]), names), 9, "")
    figure = drawings.directions(found, drawings.CLASSES)
    axes = figure.axes[0]
    drawn = {str(line.get_label()): np.asarray(line.get_xydata()).tolist() for line in axes.lines}
    assert drawn["a"] == [[-2, 1], [4, -1]]
    assert drawn["g"] == [[3, 0]]
    assert sum(map(len, drawn.values())) == 3
    looks = {(line.get_color(), line.get_marker()) for line in axes.lines}
    assert len(looks) == len(names)
    assert axes.get_xlabel() == "first direction: 62.5% of the variance"
    assert axes.get_ylabel() == "second direction: 25.0% of the variance"
    assert axes.get_aspect() == 1
    assert [text.get_text() for text in figure.legends[0].get_texts()] == names


@pytest.mark.parametrize(
    "name", ["$5-$9", "a_$b$^", "<script>&'\"", "100 %", "\\frac{1}", "日本 ß"]
)
def test_names_are_drawn_as_they_are(name: str) -> None:
    svg = as_svg(drawings.bars, pd.Series({name: 1.0}), name)
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert re.findall(r">([^<>]*)</text>", svg).count(escaped) == 2
    assert "<script" not in svg


def test_long_names_leave_room_for_the_figure() -> None:
    names = ["a" * 300, "b"]
    figure = drawings.matrix(pd.DataFrame(np.eye(2), names, names))
    figure.draw_without_rendering()  # warns, and so fails here, where there is no room
    assert rows(figure.axes[0]) == ["a" * (drawings.LABEL - 1) + "…", "b"]


def test_the_same_values_give_the_same_svg_and_no_date() -> None:
    drawn = [as_svg(drawings.bars, pd.Series({"a": 1.0}), "x") for _ in range(3)]
    assert all(first == second for first, second in pairwise(drawn))
    assert "dc:date" not in drawn[0]
