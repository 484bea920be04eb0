from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from {{ cookiecutter.package_name }}.reporting.drawing import BAD, BASELINE, GOOD, NETWORK
from {{ cookiecutter.package_name }}.reporting.figures import comparison, outcomes
from {{ cookiecutter.package_name }}.reporting.figures.training import losses, validation


def xs(line: Line2D) -> list[float]:
    return np.asarray(line.get_xdata()).tolist()


def ys(line: Line2D) -> list[float]:
    return np.asarray(line.get_ydata()).tolist()


def entry(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def shades(axes: Axes) -> dict[tuple[int, int], float]:
    """The opacity of each cell that is drawn, by its row and column."""
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return {
        (round(cell.get_y() + 0.5), round(cell.get_x() + 0.5)): float(cell.get_alpha() or 0)
        for cell in cells
    }


@pytest.mark.parametrize("shares", [True, False])
def test_scores_are_drawn_with_their_intervals_the_first_on_top(shares: bool) -> None:
    values = {"network": entry(0.9, 0.85, 0.94), "knn": entry(0.8, 0.7, 0.9)}
    axes = comparison.scores(values, "how good", shares).axes[0]
    assert axes.get_xlabel() == "how good"
    assert (axes.xaxis.get_major_formatter()(0.5, 0) == "50%") == shares
    assert [label.get_text() for label in axes.get_yticklabels()] == ["network", "knn"]
    low, high = axes.get_ylim()
    assert low > high
    for height, (name, interval, point) in enumerate(
        zip(values, axes.lines[::2], axes.lines[1::2], strict=True)
    ):
        assert xs(interval) == [values[name]["low"], values[name]["high"]]
        assert (xs(point), ys(point)) == ([values[name]["value"]], [height])
        assert point.get_color() == (NETWORK if name == "network" else BASELINE)


DIFFERENCES = {
    "worse": entry(0.1, 0.05, 0.15),
    "alike": entry(0.01, -0.02, 0.04),
    "better": entry(-0.1, -0.2, -0.03),
}


@pytest.mark.parametrize(
    ("concluded", "colors"),
    [(True, [GOOD, BASELINE, BAD]), (False, [BASELINE, BASELINE, BASELINE])],
)
def test_differences_are_drawn_with_zero_and_the_margin(concluded: bool, colors: list[str]) -> None:
    margins = {"worse": 0.02, "alike": 0.02, "better": 0.03}
    axes = comparison.differences(DIFFERENCES, margins, True, concluded).axes[0]
    *intervals, zero = axes.lines
    assert [line.get_color() for line in intervals[::2]] == colors
    assert [xs(line) for line in intervals[::2]] == [
        [one["low"], one["high"]] for one in DIFFERENCES.values()
    ]
    assert xs(zero) == [0, 0]
    bands = [band for band in axes.collections if isinstance(band, PolyCollection)]
    ends = [band.get_paths()[0].get_extents() for band in bands]
    assert [(round(end.x0, 3), round(end.x1, 3)) for end in ends] == [
        (-margin, margin) for margin in margins.values()
    ]
    formatter = axes.xaxis.get_major_formatter()
    assert [formatter(value, 0) for value in (0.1, 0, -0.025)] == ["+10", "0", "\N{MINUS SIGN}2.5"]


@pytest.mark.parametrize("rows", [5, 2 * outcomes.MOST_POINTS + 1])
def test_values_are_drawn_over_their_targets_with_the_line_of_no_error(rows: int) -> None:
    targets = np.linspace(10, 20, rows)
    axes = outcomes.predicted_values(targets, targets[::-1] + 5, None).axes[0]
    line, points = axes.lines
    assert xs(line) == ys(line) == [10, 25]
    assert len(xs(points)) == (rows // 3 + 1 if rows > outcomes.MOST_POINTS else rows)
    assert np.add(xs(points), ys(points)) == pytest.approx(35)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("target", "predicted")
    assert not axes.collections


@pytest.mark.parametrize("draw", [outcomes.predicted_values, outcomes.residuals])
def test_the_interval_of_values_is_a_band_around_them(draw: Any) -> None:
    targets = np.array([10.0, 20.0])
    axes = draw(targets, targets + 1, 4.0).axes[0]
    band = (*axes.collections, *axes.patches)[0]
    if draw is outcomes.residuals:
        assert (band.get_y(), band.get_height()) == (-4, 8)
        assert ys(axes.lines[1]) == [1, 1]
        assert xs(axes.lines[1]) == [11, 21]
    else:
        extents = band.get_paths()[0].get_extents()
        assert (extents.y0, extents.y1) == (6, 25)


@pytest.mark.parametrize("metric", ["accuracy", "mae"])
def test_learning_curves_show_each_epoch_and_mark_the_one_that_was_kept(metric: str) -> None:
    history = pl.DataFrame(
        {
            "epoch": [0, 1, 2],
            "train/loss": [3.0, 2.0, 1.0],
            "val/loss": [3.5, 1.5, 2.5],
            f"val/{metric}": [0.2, 0.8, 0.7],
        }
    )
    loss = losses(history, 1).axes[0]
    trained, validated, kept = loss.lines
    assert xs(trained) == [1, 2, 3]
    assert ys(trained) == [3.0, 2.0, 1.0]
    assert ys(validated) == [3.5, 1.5, 2.5]
    assert xs(kept) == [2, 2]
    assert [line.get_label() for line in (trained, validated)] == ["training", "validation"]
    quality = validation(history, 1).axes[0]
    assert ys(quality.lines[0]) == [0.2, 0.8, 0.7]
    assert xs(quality.lines[1]) == [2, 2]
    assert quality.get_ylabel() == f"validation {metric}"


def test_confusions_are_counted_and_shaded_by_the_share_of_the_target() -> None:
    counts = np.array([[8, 2], [0, 1]])
    axes = outcomes.confusion_matrix(counts, ["a", "b"]).axes[0]
    found = shades(axes)
    assert set(found) == {(0, 0), (0, 1), (1, 1)}
    assert found[1, 1] == outcomes.DEEPEST > found[0, 0] > found[0, 1] > outcomes.PALEST
    places = {(*text.get_position(), text.get_text()) for text in axes.texts}
    assert places == {(0, 0, "8"), (1, 0, "2"), (1, 1, "1")}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "target")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]


def test_a_class_without_rows_has_no_shade() -> None:
    axes = outcomes.confusion_matrix(np.array([[0, 0], [1, 3]]), ["a", "b"]).axes[0]
    assert set(shades(axes)) == {(1, 0), (1, 1)}


def test_many_classes_are_drawn_without_counts_and_then_numbered() -> None:
    def drawn(count: int) -> Axes:
        names = [f"class {number}" for number in range(count)]
        return outcomes.confusion_matrix(np.eye(count, dtype=np.int64), names).axes[0]

    assert len(drawn(outcomes.MOST_NUMBERS).texts) == outcomes.MOST_NUMBERS
    many = drawn(outcomes.MOST_NUMBERS + 1)
    assert len(many.texts) == 0
    assert len(many.get_xticklabels()) == outcomes.MOST_NUMBERS + 1
    labels = [label.get_text() for label in drawn(outcomes.MOST_LABELS + 1).get_yticklabels()]
    assert labels == [str(number) for number in range(1, outcomes.MOST_LABELS + 2, 5)]


def test_long_class_names_leave_room_for_the_figure() -> None:
    figure = outcomes.confusion_matrix(np.eye(2, dtype=np.int64), ["a" * 300, "b"])
    figure.draw_without_rendering()  # warns, and so fails here, where there is no room
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["a" * (outcomes.LONGEST_NAME - 1) + "…", "b"]
