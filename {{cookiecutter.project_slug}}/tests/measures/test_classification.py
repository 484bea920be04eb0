from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, log_loss
from toy_tables import ROWS, table

from {{ cookiecutter.package_name }}.measures import classification
from {{ cookiecutter.package_name }}.predictions import Predictions

HOW: dict[str, Any] = {"test_share": 0.25, "level": 0.95, "resamples": 100, "seed": 0}


def test_numbers_follow_from_the_table() -> None:
    found = classification.describe(table(300, sure=0.8), 0.95, 100, 0)
    assert found["accuracy"]["value"] == 0.75
    assert found["macro_f1"]["value"] == pytest.approx(0.75)  # both classes err alike
    assert found["nll"]["value"] == pytest.approx(-0.75 * np.log(0.8) - 0.25 * np.log(0.2))
    assert all(entry["low"] < entry["value"] < entry["high"] for entry in found.values())
    assert all(entry["rows"] == ROWS for entry in found.values())


def test_numbers_agree_with_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    outputs, targets = generator.dirichlet(np.ones(3), 200), generator.integers(0, 3, 200)
    one = Predictions([str(row) for row in range(200)], ["a", "b", "c"], targets, outputs)
    found = classification.describe(one, 0.95, 100, 0)
    predicted = outputs.argmax(axis=1)
    assert {name: entry["value"] for name, entry in found.items()} == {
        "accuracy": pytest.approx(accuracy_score(targets, predicted)),
        "macro_f1": pytest.approx(f1_score(targets, predicted, average="macro")),
        "nll": pytest.approx(log_loss(targets, outputs)),
    }


def test_a_model_that_is_sure_and_wrong_has_a_finite_loss() -> None:
    nll = classification.describe(table(399, sure=1.0), 0.95, 100, 0)["nll"]
    assert nll["value"] == pytest.approx(-np.log(classification.SMALLEST_PROBABILITY) / ROWS)


def test_a_difference_is_counted_on_the_same_rows() -> None:
    network, baseline = table(300), table(300, start=50)  # rows 50 to 300 are right in both
    found = classification.compare(network, baseline, **HOW)
    assert (found["gained"], found["lost"], found["value"]) == (50, 50, 0)
    assert (found["method"], found["p_value"]) == ("Bonett-Price", pytest.approx(1, abs=0.1))


def test_in_folds_the_difference_is_that_of_all_rows_with_the_interval_of_folds() -> None:
    fold = np.arange(ROWS) // 100
    network, baseline = (replace(table(right), fold=fold) for right in (350, 290))
    found = classification.compare(network, baseline, **HOW)
    assert (found["gained"], found["lost"]) == (60, 0)
    assert found["value"] == pytest.approx(60 / ROWS)
    assert (found["method"], found["rows"]) == ("corrected resampled t", ROWS)
    assert found["low"] < found["value"] < found["high"]


def test_the_best_model_is_the_one_that_is_right_most_often() -> None:
    assert classification.quality(table(301)) > classification.quality(table(300)) == 0.75
