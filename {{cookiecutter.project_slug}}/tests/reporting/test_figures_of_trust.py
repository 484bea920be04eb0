"""Calibration, slices and robustness, drawn."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from {{ cookiecutter.package_name }}.reporting.drawing import BAD, BASELINE, GOOD, NETWORK
from {{ cookiecutter.package_name }}.reporting.figures import parts, trust

BINS: dict[str, list[float]] = {
    "confidence": [0.55, 0.99],
    "accuracy": [0.9, 0.98],
    "rows": [10, 300],
    "low": [0.3, 0.97],
    "high": [0.8, 1.0],
}


def entry(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def test_bins_outside_of_what_true_probabilities_give_are_red() -> None:
    upper, _ = trust.reliability(BINS).axes
    diagonal, *others = upper.lines
    assert np.asarray(diagonal.get_xdata()).tolist() == [0, 1]
    bands, points = others[::2], others[1::2]
    assert [np.asarray(band.get_ydata()).tolist() for band in bands] == [[0.3, 0.8], [0.97, 1.0]]
    assert [point.get_color() for point in points] == [BAD, NETWORK]
    assert [np.asarray(point.get_ydata()).tolist() for point in points] == [[0.9], [0.98]]


def test_the_histogram_says_how_many_rows_each_bin_has() -> None:
    _, lower = trust.reliability(BINS).axes
    bars = [bar for bar in lower.patches if isinstance(bar, Rectangle)]
    assert [bar.get_height() for bar in bars] == [10, 300]
    middles = [bar.get_x() + bar.get_width() / 2 for bar in bars]
    assert middles == pytest.approx([8.5 / 15, 14.5 / 15])
    assert [text.get_text() for text in lower.texts] == ["10", "300"]


def test_risk_is_drawn_over_coverage_and_marked_where_a_tenth_is_left_aside() -> None:
    selective = {"coverage": [0.5, 1.0], "risk": [0.0, 0.1], "accuracy_at_90": entry(0.95, 0.9, 1)}
    curve, mark, point = trust.risk_coverage(selective).axes[0].lines
    assert np.asarray(curve.get_ydata()).tolist() == [0.0, 0.1]
    assert np.asarray(mark.get_xdata()).tolist() == [0.9, 0.9]
    assert np.asarray(point.get_ydata()).tolist() == pytest.approx([0.05])


def test_a_risk_of_zero_can_be_drawn() -> None:
    selective = {"coverage": [1.0], "risk": [0.0], "accuracy_at_90": entry(1, 0.9, 1)}
    trust.risk_coverage(selective).draw_without_rendering()


def test_slices_are_drawn_beside_the_value_over_all_rows() -> None:
    found = [("dark", entry(0.9, 0.8, 0.95)), ("faint", entry(0.7, 0.6, 0.8))]
    axes = parts.slices(found, 0.88, "accuracy", True).axes[0]
    *intervals, everywhere = axes.lines
    assert np.asarray(everywhere.get_xdata()).tolist() == [0.88, 0.88]
    assert [np.asarray(line.get_xdata()).tolist() for line in intervals[::2]] == [
        [0.8, 0.95],
        [0.6, 0.8],
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dark", "faint"]


def test_corruption_errors_below_one_are_good_and_above_are_bad() -> None:
    found = {"noise": entry(0.5, 0.4, 0.6), "shift": entry(1, 0.9, 1.1)}
    axes = parts.corruption_errors(found, entry(1.5, 1.2, 1.8)).axes[0]
    assert [line.get_color() for line in axes.lines[:6:2]] == [GOOD, BASELINE, BAD]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["noise", "shift", "mean"]


@pytest.mark.parametrize("count", [1, 3])
def test_each_corruption_has_a_panel_with_both_models(count: int) -> None:
    names = [f"corruption {number}" for number in range(count)]
    cells = [
        {
            "corruption": name,
            "severity": severity,
            "network": entry(1 - severity / 10, 0.1, 1),
            "linear": entry(0.5, 0.4, 0.6),
        }
        for name in names
        for severity in range(1, 6)
    ]
    figure = parts.degradation(cells, "linear", True)
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in panels] == names
    network, reference = panels[0].lines
    assert np.asarray(network.get_ydata()).tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5])
    assert (network.get_color(), reference.get_color()) == (NETWORK, BASELINE)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["network", "linear"]
