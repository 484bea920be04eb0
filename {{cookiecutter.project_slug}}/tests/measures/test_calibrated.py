from dataclasses import replace

import numpy as np
import pytest
from toy_tables import HOW, table, values

from {{ cookiecutter.package_name }}.measures import calibrated
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.stats.conformal import conformal_half_width


def drawn(rows: int, sharpness: float, seed: int = 0) -> Predictions:
    """Rows whose targets follow their probabilities, which are then made more or less sure."""
    random = np.random.default_rng(seed)
    true = random.dirichlet(np.ones(3), rows)
    targets = np.array([random.choice(3, p=chances) for chances in true])
    shown = true**sharpness / (true**sharpness).sum(axis=1, keepdims=True)
    return Predictions([str(row) for row in range(rows)], ["a", "b", "c"], targets, shown)


def test_true_probabilities_need_nothing() -> None:
    found = calibrated.probabilities(drawn(500, 1.0), drawn(500, 1.0, seed=1), HOW)
    assert not found["error"]["miscalibrated"]
    assert found["error"]["value"] > 0.01
    assert found["temperature"]["temperature"] == pytest.approx(1, abs=0.25)
    assert not found["temperature"]["helps"]


def test_a_model_that_is_too_sure_is_told_so_and_what_would_help() -> None:
    found = calibrated.probabilities(drawn(500, 3.0), drawn(500, 3.0, seed=1), HOW)
    assert found["error"]["miscalibrated"]
    assert found["temperature"]["temperature"] == pytest.approx(3, rel=0.3)
    assert found["temperature"]["nll_change"]["high"] < 0
    assert found["temperature"]["helps"]


def test_test_rows_have_no_say_in_the_temperature() -> None:
    validation = drawn(300, 2.0, seed=1)
    found = [calibrated.probabilities(drawn(300, s), validation, HOW) for s in (1.0, 5.0)]
    assert found[0]["temperature"] == found[1]["temperature"]


def test_the_curve_of_risk_over_coverage_ends_at_all_rows_and_stays_short() -> None:
    found = calibrated.probabilities(drawn(2000, 1.0), drawn(100, 1.0), HOW)["selective"]
    assert len(found["coverage"]) == len(found["risk"]) <= calibrated.MOST_POINTS
    assert found["coverage"][-1] == 1
    assert found["risk"][-1] == pytest.approx((~drawn(2000, 1.0).correct).mean())
    assert found["accuracy_at_90"]["value"] > 1 - found["risk"][-1]


def test_intervals_of_values_hold_the_share_that_they_say() -> None:
    random = np.random.default_rng(0)
    test, validation = values(0.0, 800), values(0.0, 400)
    test = replace(test, outputs=test.targets + random.normal(size=800))
    validation = replace(validation, outputs=validation.targets + random.normal(size=400))
    found = calibrated.intervals_of_values(test, validation, HOW)
    assert found["half_width"] == pytest.approx(1.64, abs=0.2)
    assert found["coverage"]["value"] == pytest.approx(0.9, abs=0.04)


def test_in_folds_each_is_judged_by_the_errors_of_the_others() -> None:
    one = values(0.0, 600)
    fold = np.arange(600) % 3
    noise = np.random.default_rng(0).normal(size=600) * np.where(fold == 2, 10.0, 1.0)
    test = replace(one, outputs=one.targets + noise, fold=fold)
    few = values(0.0, 4)  # validation is too small for anything
    found = calibrated.intervals_of_values(test, few, HOW)
    assert found["rows"] == 600
    # Fold 2 is held to what folds 0 and 1 err, and the other way round.
    narrow, wide = conformal_half_width(noise[fold < 2]), conformal_half_width(noise[fold > 0])
    inside = (np.abs(noise[fold == 2]) <= narrow).sum() + (np.abs(noise[fold == 0]) <= wide).sum()
    assert found["coverage"]["value"] == pytest.approx(
        (inside + (np.abs(noise[fold == 1]) <= conformal_half_width(noise[fold != 1])).sum()) / 600
    )


def test_too_few_rows_give_no_temperature_and_no_interval_of_values() -> None:
    one = table(1, 1)
    assert calibrated.temperature(one, HOW) == {
        "value": None,
        "why": "too few validation rows",
    }
    found = calibrated.intervals_of_values(values(1.0, 50), values(1.0, 8), HOW)
    assert found["half_width"] is None
    assert "8 validation rows are too few" in found["why"]
