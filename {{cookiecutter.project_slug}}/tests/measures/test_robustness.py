from dataclasses import replace

import numpy as np
import pytest
from toy_tables import HOW, table, values

from {{ cookiecutter.package_name }}.measures import classification, regression
from {{ cookiecutter.package_name }}.measures.robustness import Cells, robustness


def cells(*rights: int) -> Cells:
    """Two corruptions with two severities each, right on so many of 400 rows."""
    names = [("noise", 1), ("noise", 2), ("shift", 1), ("shift", 2)]
    return {name: table(right) for name, right in zip(names, rights, strict=True)}


def test_a_corruption_error_is_the_sum_of_errors_over_that_of_the_reference() -> None:
    network, reference = cells(380, 340, 400, 400), cells(320, 240, 390, 370)
    found = robustness(classification, network, reference, "linear", HOW)
    of_noise, of_shift = (found["corruption_errors"][name] for name in ("noise", "shift"))
    assert of_noise["value"] == pytest.approx(80.5 / 240.5)
    assert of_shift["value"] == pytest.approx(0.5 / 40.5)
    mean = found["mean_corruption_error"]
    assert mean["value"] == pytest.approx((80.5 / 240.5 + 0.5 / 40.5) / 2)
    assert mean["low"] < mean["value"] < mean["high"] < 1
    assert [(cell["corruption"], cell["severity"]) for cell in found["cells"]] == list(network)
    assert found["cells"][1]["network"]["value"] == 0.85
    assert found["cells"][1]["linear"]["value"] == 0.6


def test_a_reference_without_errors_gives_a_large_number_and_not_infinity() -> None:
    perfect = cells(400, 400, 400, 400)
    found = robustness(classification, cells(390, 390, 400, 400), perfect, "linear", HOW)
    assert found["corruption_errors"]["noise"]["value"] == pytest.approx(41)
    assert found["corruption_errors"]["shift"]["value"] == 1


def test_models_that_err_on_the_same_rows_leave_little_doubt() -> None:
    same = robustness(classification, cells(*[300] * 4), cells(*[300] * 4), "linear", HOW)
    assert same["mean_corruption_error"]["low"] == same["mean_corruption_error"]["high"] == 1


def test_errors_of_values_are_compared_in_any_unit() -> None:
    def scaled(off: float, unit: float) -> Cells:
        one = values(off)
        return {("noise", 1): replace(one, targets=one.targets * unit, outputs=one.outputs * unit)}

    for unit in (1.0, 1e-6, 1e6):
        found = robustness(regression, scaled(1.0, unit), scaled(2.0, unit), "linear", HOW)
        assert found["mean_corruption_error"]["value"] == pytest.approx(0.5, abs=0.01)
        assert np.isfinite(found["mean_corruption_error"]["high"])
