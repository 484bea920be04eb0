import itertools
import json
from collections.abc import Callable

import numpy as np
import optuna
import pytest

from {{ cookiecutter.package_name }}.search.findings import (
    FEWEST_FOR_IMPORTANCE,
    best_of_k,
    findings,
    importances,
)
from {{ cookiecutter.package_name }}.search.space import Space

Toy = Callable[..., optuna.Study]


def at(dropout: float, lr: float = 0.01) -> dict[str, float]:
    return {"model.dropout": dropout, "optimizer.lr": lr}


@pytest.mark.parametrize("maximize", [True, False])
def test_the_expected_best_of_k_is_the_mean_over_all_draws(maximize: bool) -> None:
    values = [0.3, 0.1, 0.7, 0.1]
    best = max if maximize else min
    found = best_of_k(values, maximize=maximize)
    for k in range(1, 5):
        draws = [best(draw) for draw in itertools.product(values, repeat=k)]
        assert found[k - 1] == pytest.approx(np.mean(draws))
    assert best_of_k([], maximize=maximize) == []


def test_only_trials_that_did_not_learn_from_others_say_what_more_would_bring(
    toy: Toy, space: Space
) -> None:
    even = [(0.5, "COMPLETE", at(0.1)), (0.3, "COMPLETE", at(0.2))]
    study = toy([*even, (0.01, "COMPLETE", at(0.3))], points=2)
    assert findings(study, space)["best_of"] == best_of_k([0.5, 0.3], maximize=False)


@pytest.mark.parametrize(
    ("params", "edges"),
    [
        (at(0.2, 0.01), []),
        (at(0.39, 0.01), [("model.dropout", "high", 0.4)]),
        (at(0.2, 0.00105), [("optimizer.lr", "low", 0.001)]),
        (at(0.2, 0.0013), []),  # a third further, but only a twentieth of the range
        (at(0.0, 0.1), [("model.dropout", "low", 0.0), ("optimizer.lr", "high", 0.1)]),
    ],
)
def test_a_best_value_at_the_edge_of_the_space_is_found_on_the_scale_of_its_key(
    params: dict[str, float], edges: list[tuple[str, str, float]], toy: Toy, space: Space
) -> None:
    study = toy([(0.5, "COMPLETE", at(0.3, 0.02)), (0.1, "COMPLETE", params)])
    found = findings(study, space)["edges"]
    assert [(edge["key"], edge["end"], edge["limit"]) for edge in found] == edges


def test_a_choice_lies_at_no_edge(toy: Toy, space: Space) -> None:
    first = at(0.0) | {"optimizer.schedule": "cosine", "model.blocks": 3}
    found = findings(toy([(0.1, "COMPLETE", first)]), space)["edges"]
    ends = [("model.dropout", "low"), ("model.blocks", "high")]
    assert [(edge["key"], edge["end"]) for edge in found] == ends


def test_the_key_that_matters_explains_the_variance(toy: Toy) -> None:
    random = np.random.default_rng(0)
    values = [(float(d), float(10 ** random.uniform(-3, -1))) for d in random.uniform(0, 0.4, 30)]
    study = toy([((d - 0.2) ** 2, "COMPLETE", at(d, lr)) for d, lr in values])
    found = importances(study, study.trials)
    assert next(iter(found)) == "model.dropout"
    assert found["model.dropout"] > 0.9
    assert sum(found.values()) == pytest.approx(1)


def test_of_few_trials_or_equal_ones_nothing_is_said_to_matter(toy: Toy) -> None:
    few = toy([(d, "COMPLETE", at(d / 20)) for d in range(FEWEST_FOR_IMPORTANCE - 1)])
    assert importances(few, few.trials) == {}
    equal = toy([(1.0, "COMPLETE", at(d / 100)) for d in range(20)])
    assert importances(equal, equal.trials) == {}


def test_what_was_ended_early_or_failed_has_no_value_and_is_told(toy: Toy, space: Space) -> None:
    study = toy(
        [(0.5, "COMPLETE", at(0.1)), (0.7, "PRUNED", at(0.2)), (float("nan"), "FAIL", at(0.3))]
    )
    found = findings(study, space)
    assert found["states"] == {"complete": 1, "pruned": 1, "fail": 1}
    assert [one["value"] for one in found["trials"]] == [0.5, None, None]
    assert [one["last"] for one in found["trials"]] == [0.5, 0.7, None]
    assert (found["seconds"], found["epochs"], found["first"]) == (9.0, 6, 0.5)
    json.dumps(found, allow_nan=False)
