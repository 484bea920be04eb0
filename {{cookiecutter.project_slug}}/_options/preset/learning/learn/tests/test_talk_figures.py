from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from learn.talk import figures
from learn.talk.numbers import Frequency, frequency, missed, roughly
from learn.tests.stories import measured


def axes_of(figure: Figure) -> Axes:
    (axes,) = figure.axes
    return axes


def bars_of(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def ends(axes: Axes, line: int) -> list[float]:
    return [float(value) for value in np.asarray(axes.lines[line].get_xdata())]


def test_bars_are_as_long_as_there_are_examples() -> None:
    axes = axes_of(figures.examples({"letter": 250, "bill": 150}))
    assert [bar.get_width() for bar in bars_of(axes)] == [250, 150]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["letter", "bill"]
    assert [text.get_text() for text in axes.texts] == ["250", "150"]


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (Frequency(98, 96, 99, 100), {"right: 96": 96, "either way: 3": 3, "wrong: 1": 1}),
        (Frequency(100, 99, 100, 100), {"right: 99": 99, "either way: 1": 1}),
        (
            Frequency(997, 994, 999, 1000),
            {"right: 994": 994, "either way: 5": 5, "wrong: 1": 1},
        ),
    ],
)
def test_there_is_a_dot_for_each_of_the_whole(found: Frequency, counts: dict[str, int]) -> None:
    lines = axes_of(figures.dots(found)).lines
    assert {str(line.get_label()): len(np.asarray(line.get_xdata())) for line in lines} == counts
    places = {
        (float(x), float(y))
        for line in lines
        for x, y in zip(np.asarray(line.get_xdata()), np.asarray(line.get_ydata()), strict=True)
    }
    assert len(places) == found.of  # none lies on another


def test_every_example_is_in_the_histograms_and_the_average_is_marked() -> None:
    off = np.array([-3.0, 1.0, 2.0, 10.0])
    axes = axes_of(figures.errors(off, measured(4.0, 3.0, 5.5)))
    *bars, band = bars_of(axes)
    assert len(bars) == 16
    assert sum(bar.get_height() for bar in bars) == 4
    assert bars[0].get_x() == 1
    assert ends(axes, 0) == [4.0, 4.0]
    assert (band.get_x(), band.get_x() + band.get_width()) == (3.0, 5.5)
    axes = axes_of(figures.numbers(off))
    assert sum(bar.get_height() for bar in bars_of(axes)) == 4


@pytest.mark.parametrize("draw", [figures.ways, figures.parts])
def test_each_name_has_its_value_and_its_interval(draw: Any) -> None:
    entries = {"a": measured(0.9, 0.8, 0.95), "b": measured(0.4, 0.3, 0.6)}
    axes = axes_of(draw(entries, shares=True))
    assert [text.get_text() for text in axes.texts] == ["a", "b"]
    assert [ends(axes, line) for line in (0, 2)] == [[0.8, 0.95], [0.3, 0.6]]
    assert [ends(axes, line) for line in (1, 3)] == [[0.9], [0.4]]
    low, high = axes.get_xlim()
    assert low < 0.3
    assert high >= 0.95


@pytest.mark.parametrize(
    ("found", "color"),
    [
        (measured(0.1, 0.05, 0.2), figures.NETWORK),
        (measured(-0.1, -0.2, -0.05), figures.BAD),
        (measured(0.0, -0.1, 0.1), figures.SOFT),
    ],
)
def test_the_gap_has_its_interval_the_margin_and_a_colour_that_follows_from_both_ends(
    found: dict[str, Any], color: str
) -> None:
    axes = axes_of(figures.gap(found, 0.02, shares=True))
    band = bars_of(axes)[0]
    assert band.get_x() == pytest.approx(-0.02)
    assert band.get_x() + band.get_width() == pytest.approx(0.02)
    assert ends(axes, 1) == [found["low"], found["high"]]
    assert ends(axes, 2) == [found["value"]]
    assert axes.lines[1].get_color() == color


def test_what_is_missed_has_its_interval_the_other_way_round() -> None:
    turned = missed(measured(0.9, 0.8, 0.95))
    assert turned["low"] == pytest.approx(0.05)
    assert turned["high"] == pytest.approx(0.2)
    found = frequency(turned)
    assert (found.told, found.between) == ("10 of 100", "5 to 20 of 100")


@pytest.mark.parametrize(("count", "told"), [(7, 7), (99, 99), (2030, 2100), (13989, 14000)])
def test_a_count_of_what_is_needed_is_rounded_up(count: int, told: int) -> None:
    assert roughly(count) == told
