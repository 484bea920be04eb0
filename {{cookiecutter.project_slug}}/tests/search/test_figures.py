"""What the drawings of a search show: read from what is drawn, not from pixels."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from {{ cookiecutter.package_name }}.reporting.drawing import BAD, MUTED, NETWORK
from {{ cookiecutter.package_name }}.search import figures

SPACE: dict[str, dict[str, Any]] = {
    "optimizer.lr": {"low": 0.001, "high": 0.1, "log": True},
    "model.width": {"low": 4, "high": 32},
    "optimizer.schedule": {"choices": ["cosine", "constant"]},
}
FIRST = {"optimizer.lr": 0.01, "model.width": 4, "optimizer.schedule": "cosine"}
SECOND = {"optimizer.lr": 0.1, "model.width": 32, "optimizer.schedule": "constant"}
THIRD = {"optimizer.lr": 0.001, "model.width": 18, "optimizer.schedule": "cosine"}


def trial(number: int, value: float | None, params: dict[str, Any], last: float = 0) -> Any:
    state = "complete" if value is not None else "pruned"
    return {"number": number, "value": value, "state": state, "last": last, "params": params}


TRIALS = [trial(0, 0.5, FIRST), trial(1, None, SECOND, 0.6), trial(2, 0.3, SECOND)]
TRIALS += [trial(3, 0.4, THIRD)]


def points(axes: Axes, label: str | None = None) -> list[list[float]]:
    """The points of each line of ``axes``, or of the one of this label."""
    lines = [line for line in axes.lines if label in (None, line.get_label())]
    return [pair for line in lines for pair in np.asarray(line.get_xydata()).tolist()]


@pytest.mark.parametrize(("maximize", "best"), [(False, [0.5, 0.3, 0.3]), (True, [0.5, 0.5, 0.5])])
def test_history_has_each_trial_in_its_turn_and_the_best_so_far(
    maximize: bool, best: list[float]
) -> None:
    axes = figures.history(TRIALS, 2, maximize=maximize).axes[0]
    assert points(axes, "complete") == [[0, 0.5], [2, 0.3], [3, 0.4]]
    assert [number for number, _ in points(axes, "ended early")] == [1]
    assert points(axes, "best so far") == [[0, best[0]], [2, best[1]], [3, best[2]]]
    assert axes.get_xlabel() == "trial"
    design = [line for line in axes.lines if str(line.get_label()).startswith("_")]
    assert np.asarray(design[0].get_xdata()).tolist() == [1.5, 1.5]


def test_a_value_far_off_is_drawn_at_the_edge_where_the_others_stay_apart() -> None:
    trials = [trial(number, value, FIRST) for number, value in enumerate([0.1, 0.2, 0.3, 1e9])]
    axes = figures.history(trials, 9, maximize=False).axes[0]
    heights = [height for _, height in points(axes, "complete")]
    assert heights[:3] == [0.1, 0.2, 0.3]
    assert 0.3 < heights[3] < 10
    low, high = axes.get_ylim()
    assert low < 0.1 < heights[3] < high


def test_importance_is_a_bar_a_key_with_its_share() -> None:
    axes = figures.importance({"model.width": 0.75, "optimizer.lr": 0.25}).axes[0]
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.75, 0.25]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["model.width", "optimizer.lr"]
    assert axes.get_xlabel() == "share of the variance"
    low, high = axes.get_ylim()
    assert low > high  # the first on top


def test_each_key_has_a_panel_with_every_complete_trial_and_a_ring_around_the_best() -> None:
    figure = figures.slices(TRIALS, SPACE, maximize=False)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_xlabel() for axes in shown] == list(SPACE)
    rate, width, schedule = (points(axes) for axes in shown)
    np.testing.assert_allclose(rate, [[-2, 0.5], [-1, 0.3], [-3, 0.4], [-1, 0.3]])
    assert width == [[4, 0.5], [32, 0.3], [18, 0.4], [32, 0.3]]
    assert schedule == [[0, 0.5], [1, 0.3], [0, 0.4], [1, 0.3]]
    assert [to_hex(axes.lines[-1].get_markeredgecolor()) for axes in shown] == [BAD] * 3
    ticks = [text.get_text() for text in shown[0].get_xticklabels()]
    assert ticks == ["0.001", "0.01", "0.1"]
    assert [text.get_text() for text in shown[2].get_xticklabels()] == ["cosine", "constant"]
    later = [line.get_alpha() or 0 for line in shown[0].lines[:-1]]
    assert later == sorted(later)


def test_each_trial_is_a_line_across_all_keys_and_the_best_is_on_top() -> None:
    axes = figures.parallel(TRIALS, SPACE, maximize=False).axes[0]
    lines = [np.asarray(line.get_ydata()).tolist() for line in axes.lines[:3]]
    np.testing.assert_allclose(lines, [[0.5, 0, 0], [0, 0.5, 0], [1, 1, 1]])
    colors = [to_hex(str(line.get_color())) for line in axes.lines[:3]]
    assert colors == [MUTED, MUTED, BAD]
    names = [text.get_text() for text in axes.get_xticklabels()]
    assert names == ["lr", "width", "schedule"]
    ends = [text.get_text() for text in axes.texts]
    assert ends == ["0.001", "0.1", "4", "32", "cosine", "constant"]


@pytest.mark.parametrize("current", [None, 0.4])
def test_the_expected_best_stands_over_the_number_of_trials(current: float | None) -> None:
    axes = figures.best_of_k([0.5, 0.45, 0.42], current).axes[0]
    curve, *line = axes.lines
    assert np.asarray(curve.get_xydata()).tolist() == [[1, 0.5], [2, 0.45], [3, 0.42]]
    assert to_hex(str(curve.get_color())) == NETWORK
    assert [np.asarray(one.get_ydata()).tolist() for one in line] == (
        [] if current is None else [[0.4, 0.4]]
    )
    assert axes.get_xlabel() == "trials of the even design"
    assert axes.get_ylabel() == "expected best"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.sampled_from(list(SPACE)), some.floats(0, 1), some.floats(0, 1))
def test_places_and_heights_rise_with_the_value(key: str, first: float, second: float) -> None:
    entry = SPACE[key]
    if "choices" in entry:
        values = sorted((round(first), round(second)))
        drawn = [entry["choices"][place] for place in values]
    else:
        low, high = entry["low"], entry["high"]
        drawn = sorted(low + share * (high - low) for share in (first, second))
    heights = [figures.height_on(entry, value) for value in drawn]
    places = [figures.place_on(entry, value) for value in drawn]
    assert heights == sorted(heights)
    assert places == sorted(places)
    assert all(-1e-9 <= height <= 1 + 1e-9 for height in heights)
