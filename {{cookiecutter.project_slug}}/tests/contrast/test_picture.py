from collections.abc import Callable

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.contrast.picture import draw
from {{ cookiecutter.package_name }}.experiments.result import Result
from {{ cookiecutter.package_name }}.reporting.drawing import as_svg


def test_each_panel_shows_both_sides_with_their_intervals(made: Callable[..., Result]) -> None:
    found = made({"small": (0.8, 0.81), "large": (0.6, 0.9)})
    figure = draw(found)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        f"{name}: {found['verdict'][name]}" for name in ("small", "large")
    ]
    for axes, name in zip(figure.axes, ("small", "large"), strict=True):
        entry = found["settings"][name]
        drawn = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
        assert drawn[0] == pytest.approx([entry["a"]["low"], entry["a"]["high"]])
        assert drawn[1] == pytest.approx([entry["a"]["value"]])
        assert drawn[2] == pytest.approx([entry["b"]["low"], entry["b"]["high"]])
        assert drawn[3] == pytest.approx([entry["b"]["value"]])


def test_accuracies_share_an_axis_and_errors_have_their_own(made: Callable[..., Result]) -> None:
    shares = draw(made({"small": (0.8, 0.81), "large": (0.6, 0.9)}))
    assert shares.axes[0].get_ylim() == shares.axes[1].get_ylim()
    errors = draw(made({"small": (1.0, 1.1), "large": (40.0, 60.0)}, values=True))
    assert errors.axes[0].get_ylim() != errors.axes[1].get_ylim()
    assert errors.axes[0].get_ylabel() == "mean absolute error, less is better"


def test_the_same_result_gives_the_same_bytes(made: Callable[..., Result]) -> None:
    found = made({"small": (0.8, 0.81)})
    assert as_svg(draw, found) == as_svg(draw, found)
