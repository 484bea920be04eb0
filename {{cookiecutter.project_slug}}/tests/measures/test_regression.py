from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from toy_tables import HOW, ROWS, grouped, values

from {{ cookiecutter.package_name }}.measures import regression
from {{ cookiecutter.package_name }}.predictions import Predictions


def random_table(rows: int = 200, seed: int = 0) -> Predictions:
    generator = np.random.default_rng(seed)
    targets = 50 + 10 * generator.normal(size=rows)
    outputs = targets + 4 * generator.normal(size=rows)
    return Predictions([str(row) for row in range(rows)], [], targets, outputs)


def test_numbers_agree_with_scikit_learn() -> None:
    one = random_table()
    found = regression.describe(one, HOW)
    assert {name: entry["value"] for name, entry in found.items()} == {
        "mae": pytest.approx(mean_absolute_error(one.targets, one.outputs)),
        "rmse": pytest.approx(root_mean_squared_error(one.targets, one.outputs)),
        "r2": pytest.approx(r2_score(one.targets, one.outputs)),
    }
    assert all(entry["low"] < entry["value"] < entry["high"] for entry in found.values())
    assert all(entry["rows"] == 200 for entry in found.values())


def test_the_mean_explains_nothing_and_the_targets_themselves_explain_all() -> None:
    one = random_table()
    mean, same = np.full(200, one.targets.mean()), one.targets
    nothing, everything = (
        regression.describe(replace(one, outputs=outputs), HOW) for outputs in (mean, same)
    )
    assert nothing["r2"]["value"] == pytest.approx(0, abs=1e-9)
    assert everything["r2"]["value"] == 1
    assert everything["mae"]["high"] == everything["rmse"]["high"] == 0


@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_the_explained_variance_minds_no_large_offset(shift: float) -> None:
    one = random_table()
    far = replace(one, targets=one.targets + shift, outputs=one.outputs + shift)
    expected = r2_score(one.targets, one.outputs)
    assert regression.describe(far, HOW)["r2"]["value"] == pytest.approx(expected)


def test_the_interval_of_the_explained_variance_covers_the_truth_as_often_as_it_says() -> None:
    truth = 1 - 4**2 / 10**2
    found = [
        regression.describe(random_table(200, seed), replace(HOW, level=0.9)) for seed in range(150)
    ]
    covered = [entry["r2"]["low"] <= truth <= entry["r2"]["high"] for entry in found]
    assert 0.8 <= np.mean(covered) <= 0.97


def test_the_network_is_ahead_by_how_much_less_it_errs_on_the_same_rows() -> None:
    network, baseline = values(1.0), values(3.0)
    found = regression.compare(network, baseline, HOW)
    assert found["value"] == pytest.approx(2.0)
    assert found["low"] == pytest.approx(found["high"], abs=0.1)  # the noise is the same in both
    assert found["p_value"] == pytest.approx(1 / 201)
    behind = regression.compare(baseline, network, HOW)
    assert (behind["value"], behind["p_value"]) == (pytest.approx(-2.0), found["p_value"])


def test_in_folds_the_interval_is_that_of_folds() -> None:
    fold = np.arange(ROWS) % 5
    network, baseline = (replace(values(off), fold=fold) for off in (1.0, 3.0))
    found = regression.compare(network, baseline, HOW)
    assert (found["value"], found["method"]) == (pytest.approx(2.0), "corrected resampled t")


def test_the_best_model_is_the_one_that_errs_least() -> None:
    assert regression.quality(values(1.0)) > regression.quality(values(-3.0))


def test_the_error_is_measured_with_the_interval_that_suits_its_tail() -> None:
    assert regression.describe(random_table(200), HOW)["mae"]["method"] == "BCa bootstrap"
    assert regression.describe(random_table(99), HOW)["mae"]["method"] == "percentile bootstrap"
    of_groups = regression.describe(grouped(random_table(200), 10), HOW)["mae"]
    assert of_groups["method"] == "percentile bootstrap over 20 groups"


def test_rows_of_one_group_tell_less_than_as_many_independent_ones() -> None:
    network, other = values(1.0), values(3.0)
    network.outputs[:100] += 4.0  # five of twenty groups
    alone, together = (
        regression.compare(one, other, HOW) for one in (network, grouped(network, 20))
    )
    assert together["value"] == pytest.approx(alone["value"])
    assert together["high"] - together["low"] > 2 * (alone["high"] - alone["low"])
    assert together["p_value"] > alone["p_value"]


def test_rows_needed_grow_with_the_spread_of_the_difference() -> None:
    network, other = random_table(), random_table(seed=1)
    near = regression.compare(network, replace(network, outputs=network.outputs + 0.1), HOW)
    far = regression.compare(network, replace(other, targets=network.targets), HOW)
    assert near["rows_needed"] < far["rows_needed"]
    assert regression.compare(network, network, HOW)["rows_needed"] is None
