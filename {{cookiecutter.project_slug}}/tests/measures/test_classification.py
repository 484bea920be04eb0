from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    matthews_corrcoef,
    roc_auc_score,
)
from toy_tables import HOW, ROWS, grouped, table

from {{ cookiecutter.package_name }}.measures import classification
from {{ cookiecutter.package_name }}.predictions import Predictions


def test_numbers_follow_from_the_table() -> None:
    found = classification.describe(table(300, sure=0.8), HOW)
    assert found["accuracy"]["value"] == 0.75
    assert found["macro_f1"]["value"] == pytest.approx(0.75)  # both classes err alike
    assert found["nll"]["value"] == pytest.approx(-0.75 * np.log(0.8) - 0.25 * np.log(0.2))
    assert all(entry["low"] < entry["value"] < entry["high"] for entry in found.values())
    assert all(entry["rows"] == ROWS for entry in found.values())


def test_numbers_agree_with_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    outputs, targets = generator.dirichlet(np.ones(3), 200), generator.integers(0, 3, 200)
    one = Predictions([str(row) for row in range(200)], ["a", "b", "c"], targets, outputs)
    found = classification.describe(one, HOW)
    predicted = outputs.argmax(axis=1)
    assert {name: entry["value"] for name, entry in found.items()} == {
        "accuracy": pytest.approx(accuracy_score(targets, predicted)),
        "macro_f1": pytest.approx(f1_score(targets, predicted, average="macro")),
        "balanced_accuracy": pytest.approx(balanced_accuracy_score(targets, predicted)),
        "matthews": pytest.approx(matthews_corrcoef(targets, predicted)),
        "nll": pytest.approx(log_loss(targets, outputs)),
        "brier": pytest.approx(((outputs - np.eye(3)[targets]) ** 2).sum(axis=1).mean()),
    }


def test_two_classes_are_also_ranked_and_more_are_not() -> None:
    generator = np.random.default_rng(0)
    outputs, targets = generator.dirichlet(np.ones(2), 200), generator.integers(0, 2, 200)
    one = Predictions([str(row) for row in range(200)], ["a", "b"], targets, outputs)
    found = classification.describe(one, HOW)
    assert found["auroc"]["value"] == pytest.approx(roc_auc_score(targets, outputs[:, 1]))
    expected = average_precision_score(targets, outputs[:, 1])
    assert found["average_precision"]["value"] == pytest.approx(expected)
    folded = classification.describe(replace(one, fold=np.arange(200) % 5), HOW)
    assert folded["auroc"]["method"] == "percentile bootstrap, ranked within 5 folds"
    alike = replace(one, targets=np.zeros_like(targets))
    assert "auroc" not in classification.describe(alike, HOW)


def test_rows_of_one_group_tell_less_than_as_many_independent_ones() -> None:
    alone, together = table(300), grouped(table(300), 20)
    plain, of_groups = (classification.describe(one, HOW) for one in (alone, together))
    assert (plain["accuracy"]["method"], of_groups["accuracy"]["method"]) == (
        "Wilson",
        "percentile bootstrap over 20 groups",
    )
    for name in of_groups:
        assert of_groups[name]["value"] == pytest.approx(plain[name]["value"])
        widths = [entry[name]["high"] - entry[name]["low"] for entry in (plain, of_groups)]
        assert widths[1] > 2 * widths[0]
    other = table(250, start=50)
    found = [classification.compare(one, other, HOW) for one in (alone, together)]
    assert found[0]["value"] == found[1]["value"]
    assert found[1]["high"] - found[1]["low"] > 2 * (found[0]["high"] - found[0]["low"])
    assert found[1]["p_value"] > found[0]["p_value"]


def test_rows_needed_follow_from_how_often_two_models_disagree() -> None:
    agreeing = classification.compare(table(300), table(290), HOW)
    disagreeing = classification.compare(table(300), table(300, start=60), HOW)
    assert agreeing["rows_needed"] < disagreeing["rows_needed"]
    assert disagreeing["rows_needed"] == classification.rows_needed(122 / 402, HOW)


def test_a_difference_is_counted_on_the_same_rows() -> None:
    network, baseline = table(300), table(300, start=50)  # rows 50 to 300 are right in both
    found = classification.compare(network, baseline, HOW)
    assert (found["gained"], found["lost"], found["value"]) == (50, 50, 0)
    assert (found["method"], found["p_value"]) == ("Bonett-Price", pytest.approx(1, abs=0.1))


def test_in_folds_the_difference_is_that_of_all_rows_with_the_interval_of_folds() -> None:
    fold = np.arange(ROWS) // 100
    network, baseline = (replace(table(right), fold=fold) for right in (350, 290))
    found = classification.compare(network, baseline, HOW)
    assert (found["gained"], found["lost"]) == (60, 0)
    assert found["value"] == pytest.approx(60 / ROWS)
    assert (found["method"], found["rows"]) == ("corrected resampled t", ROWS)
    assert found["low"] < found["value"] < found["high"]


def test_the_best_model_is_the_one_that_is_right_most_often() -> None:
    assert classification.quality(table(301)) > classification.quality(table(300)) == 0.75
