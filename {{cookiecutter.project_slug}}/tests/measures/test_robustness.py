from dataclasses import replace

import numpy as np
import pytest
from toy_tables import HOW, table, values

from {{ cookiecutter.package_name }}.measures import classification, regression
from {{ cookiecutter.package_name }}.measures.robustness import (
    Cells,
    robustness,
    rows_with,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError


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


def test_the_relative_error_is_that_of_what_is_lost() -> None:
    network, reference = cells(380, 340, 400, 400), cells(320, 240, 390, 370)
    found = robustness(classification, network, reference, "linear", HOW, (table(400), table(360)))
    of_network, of_reference = 20 + 60 + 0 + 0, 40 + 120 - 30 - 10
    relative = found["relative_corruption_error"]
    assert relative["value"] == pytest.approx(of_network / of_reference)
    assert 0 < relative["low"] < relative["value"] < relative["high"]


def test_nothing_is_relative_to_a_reference_that_may_lose_nothing() -> None:
    network, reference = cells(340, 300, 380, 380), cells(362, 361, 359, 358)
    clean = table(400), table(360)
    assert "relative_corruption_error" not in robustness(
        classification, network, reference, "linear", HOW, clean
    )


def test_clean_rows_are_those_that_were_corrupted() -> None:
    one = table(300)
    assert rows_with(one, ["7.png", "3.png"]).ids == ["7.png", "3.png"]
    some = {cell: rows_with(own, one.ids[:50]) for cell, own in cells(300, 200, 300, 200).items()}
    found = robustness(classification, some, some, "linear", HOW, (one, one))
    assert found["rows"] == 50


def test_cells_of_other_rows_are_refused() -> None:
    whole = cells(300, 200, 300, 200)
    fewer = {cell: own.select(np.arange(100)) for cell, own in whole.items()}
    lacking = {cell: own for cell, own in whole.items() if cell[0] == "noise"}
    for other in (fewer, lacking):
        with pytest.raises(UserError, match="linear: its corrupted rows are not those of the netw"):
            robustness(classification, whole, other, "linear", HOW)


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
