import re
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from {{ cookiecutter.package_name }}.reporting import figures


def xs(line: Line2D) -> list[float]:
    return np.asarray(line.get_xdata()).tolist()


def ys(line: Line2D) -> list[float]:
    return np.asarray(line.get_ydata()).tolist()


def shades(axes: Axes) -> list[list[float]]:
    return np.asarray(axes.images[0].get_array()).tolist()


@pytest.mark.parametrize(
    ("metric", "order"),
    [("accuracy", ["dummy", "knn", "network"]), ("mae", ["network", "knn", "dummy"])],
)
def test_scores_are_drawn_with_their_intervals_and_the_best_on_top(
    metric: str, order: list[str]
) -> None:
    values = {"dummy": (0.1, 0.08, 0.12), "network": (0.9, 0.85, 0.94), "knn": (0.8, 0.7, 0.9)}
    models = {
        name: {metric: dict(zip(("value", "low", "high"), numbers, strict=True))}
        for name, numbers in values.items()
    }
    axes = figures.scores(models, metric, "how good").axes[0]
    assert axes.get_xlabel() == "how good on the test rows"
    assert isinstance(axes.xaxis.get_major_formatter(), PercentFormatter) == (metric == "accuracy")
    assert [label.get_text() for label in axes.get_yticklabels()] == order
    for height, (name, interval, point) in enumerate(
        zip(order, axes.lines[::2], axes.lines[1::2], strict=True)
    ):
        value, low, high = values[name]
        assert xs(interval) == [low, high]
        assert (xs(point), ys(point)) == ([value], [height])
        assert (point.get_color() == figures.NETWORK) == (name == "network")


@pytest.mark.parametrize("rows", [5, 2 * figures.MOST_POINTS + 1])
def test_values_are_drawn_over_their_targets_with_the_line_of_no_error(rows: int) -> None:
    targets = np.linspace(10, 20, rows)
    axes = figures.predicted_values(targets, targets[::-1] + 5).axes[0]
    line, points = axes.lines
    assert xs(line) == ys(line) == [10, 25]
    assert len(xs(points)) == min(rows, rows // 3 + 1 if rows > figures.MOST_POINTS else rows)
    assert np.add(xs(points), ys(points)) == pytest.approx(35)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("target", "predicted")


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
    loss, quality = figures.learning_curves(history, best_epoch=1).axes
    training, validation, kept = loss.lines
    assert xs(training) == [1, 2, 3]
    assert ys(training) == [3.0, 2.0, 1.0]
    assert ys(validation) == [3.5, 1.5, 2.5]
    assert xs(kept) == [2, 2]
    assert ys(quality.lines[0]) == [0.2, 0.8, 0.7]
    assert quality.get_ylabel() == f"validation {metric}"
    assert [line.get_label() for line in (training, validation)] == ["training", "validation"]


def test_confusion_is_shaded_by_the_share_of_the_target_and_counts_are_written() -> None:
    counts = np.array([[6, 2], [0, 1]])
    axes = figures.confusion_matrix(counts, ["a", "b"]).axes[0]
    assert shades(axes) == [[0.75, 0.25], [0, 1]]
    assert {(*text.get_position(), text.get_text()) for text in axes.texts} == {
        (0, 0, "6"),
        (1, 0, "2"),
        (1, 1, "1"),
    }
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "target")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]


def test_a_class_without_rows_has_no_shade() -> None:
    axes = figures.confusion_matrix(np.array([[0, 0], [1, 3]]), ["a", "b"]).axes[0]
    assert shades(axes) == [[0, 0], [0.25, 0.75]]


def test_many_classes_are_drawn_without_counts() -> None:
    count = figures.MOST_NUMBERS + 1
    names = [f"class {number}" for number in range(count)]
    axes = figures.confusion_matrix(np.eye(count, dtype=np.int64), names).axes[0]
    assert len(axes.texts) == 0
    assert len(axes.get_xticklabels()) == count


@pytest.mark.parametrize("name", ["$5-$9", "a_$b$^", "<script>&'\"", "100 %", "\\frac{1}"])
def test_class_names_are_drawn_as_they_are(name: str) -> None:
    svg = figures.as_svg(figures.confusion_matrix, np.eye(2, dtype=np.int64), [name, "b"])
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert re.findall(r">([^<>]*)</text>", svg).count(escaped) == 2
    assert "<script" not in svg


def test_long_class_names_leave_room_for_the_figure() -> None:
    figure = figures.confusion_matrix(np.eye(2, dtype=np.int64), ["a" * 300, "b"])
    figure.draw_without_rendering()  # warns, and so fails here, where there is no room
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["a" * figures.LONGEST_LABEL + "…", "b"]


def test_the_same_values_give_the_same_svg_and_no_date() -> None:
    def draw() -> str:
        return figures.as_svg(figures.confusion_matrix, np.eye(2, dtype=np.int64), ["a", "b"])

    drawn = [draw() for _ in range(3)]
    assert all(first == second for first, second in pairwise(drawn))
    assert drawn[0].startswith("<svg")
    assert "dc:date" not in drawn[0]
