from typing import Any

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from {{ cookiecutter.package_name }}.search.asking import (
    current_params,
    is_in,
    require_metric,
)
from {{ cookiecutter.package_name }}.search.procedure import without
from {{ cookiecutter.package_name }}.search.space import Space

CONFIGURED: dict[str, Any] = {
    "optimizer": {"lr": 0.01, "schedule": "cosine"},
    "model": {"dropout": 0.1, "width": 16, "blocks": 3},
}


def test_the_current_configuration_is_the_first_trial_where_it_lies_in_the_space(
    space: Space,
) -> None:
    assert current_params(space, CONFIGURED) == {
        "optimizer.lr": 0.01,
        "model.dropout": 0.1,
        "model.width": 16,
        "model.blocks": 3,
        "optimizer.schedule": "cosine",
    }
    outside = space | {"model.blocks": IntDistribution(4, 6)}
    assert current_params(outside, CONFIGURED) is None
    assert current_params({"optimizer": CategoricalDistribution(["sgd"])}, CONFIGURED) is None


@pytest.mark.parametrize(
    ("distribution", "value", "inside"),
    [
        (FloatDistribution(0.0, 1.0), 1.0, True),
        (FloatDistribution(0.0, 1.0), 1.1, False),
        (FloatDistribution(0.0, 0.3, step=0.1), 0.3, True),
        (FloatDistribution(0.0, 0.3, step=0.1), 0.25, False),
        (FloatDistribution(0.0, 1.0), None, False),
        (FloatDistribution(0.0, 1.0), True, False),
        (IntDistribution(1, 9, step=4), 5, True),
        (IntDistribution(1, 9, step=4), 4, False),
        (CategoricalDistribution([None, 1.0]), None, True),
        (CategoricalDistribution([None, 1.0]), 2.0, False),
    ],
)
def test_a_value_is_in_a_distribution_or_not(
    distribution: FloatDistribution, value: object, inside: bool
) -> None:
    assert is_in(distribution, value) is inside


def test_more_accuracy_is_better_and_less_of_everything_else() -> None:
    assert require_metric("val/accuracy", "accuracy") is True
    assert require_metric("val/mae", "mae") is False
    assert require_metric("val/loss", "accuracy") is False


def test_what_a_search_chooses_is_no_part_of_what_its_trials_have_in_common() -> None:
    assert without(CONFIGURED, ["optimizer.lr", "model", "not.there"]) == {
        "optimizer": {"schedule": "cosine"}
    }
    assert "lr" in CONFIGURED["optimizer"]
