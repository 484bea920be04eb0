import numpy as np
from matplotlib.colors import to_hex

from {{ cookiecutter.package_name }}.monitoring.comparison import Column
from {{ cookiecutter.package_name }}.monitoring.judging import Findings, Window
from {{ cookiecutter.package_name }}.monitoring.page import MOST_LINES, course
from {{ cookiecutter.package_name }}.reporting.drawing import BAD, NETWORK

FLOOR = 0.1


def window(**distances: float) -> Window:
    """A window whose columns differ so much from the reference, the most first."""
    order = sorted(distances, key=distances.__getitem__, reverse=True)
    columns = [Column(name, distances[name], 0.01, None, distances[name] > 0.2) for name in order]
    return Window("2026-11-01", "2026-11-02", 200, columns)


def found(*windows: Window) -> Findings:
    return Findings(list(windows), None, None, 1.0, [])


def test_each_column_is_a_line_over_the_windows_and_red_where_it_has_changed() -> None:
    windows = window(size=0.25, light=0.125), window(size=0.5, light=0.0625)
    axes = course(found(*windows), FLOOR).axes[0]
    size, light, floor = axes.lines
    assert np.asarray(size.get_xydata()).tolist() == [[-1, 0.25], [0, 0.5]]
    assert np.asarray(light.get_xydata()).tolist() == [[-1, 0.125], [0, 0.0625]]
    assert [to_hex(str(line.get_color())) for line in (size, light)] == [BAD, NETWORK]
    assert np.asarray(floor.get_ydata()).tolist() == [FLOOR, FLOOR]
    assert [text.get_text() for text in axes.texts] == ["size", "light"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("windows before the last one", "distance")
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] > 0.5


def test_of_many_columns_those_that_differ_most_are_drawn_with_labels_apart() -> None:
    many = window(**{f"column {number}": 0.3 - number / 1000 for number in range(9)})
    axes = course(found(many), FLOOR).axes[0]
    assert len(axes.lines) == MOST_LINES + 1
    assert [text.get_text() for text in axes.texts] == [f"column {k}" for k in range(MOST_LINES)]
    heights = [text.get_position()[1] for text in axes.texts]
    assert (np.diff(heights) < -0.02).all()


def test_a_column_that_an_earlier_window_lacks_has_a_gap() -> None:
    axes = course(found(window(size=0.25), window(size=0.25, light=0.125)), FLOOR).axes[0]
    heights = np.asarray(axes.lines[1].get_ydata(), np.float64)
    np.testing.assert_array_equal(heights, [np.nan, 0.125])
