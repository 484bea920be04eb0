import json

import numpy as np
import pytest
from toy_runs import HOW, classifiers, regressors

from {{ cookiecutter.package_name }}.crossvalidation.pairs import Pair
from {{ cookiecutter.package_name }}.experiments.plan import Plan
from {{ cookiecutter.package_name }}.experiments.result import Result, result_of

FACTS: Result = {"exploratory": False, "plan_commit": "", "plan_hash": "0"}


def concluded(pairs: list[Pair], rows: int = 1500, seeds: int = 5, margin: float = 0.02) -> Result:
    metric = "accuracy" if pairs[0].first.table.classes else "mae"
    plan = Plan("Because.", ["model.width=48"], metric, margin, rows, [], seeds)
    return result_of("wide", plan, pairs, HOW, FACTS)


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        (classifiers(0.85, 0.91, 1500), "better"),
        (classifiers(0.91, 0.85, 1500), "worse"),
        (classifiers(0.91, 0.912, 1500), "equivalent"),
        (classifiers(0.91, 0.915, 350), "inconclusive"),
        (classifiers(0.5, 0.9, 200), "descriptive"),
        (regressors(1.0, 0.9, 1500), "better"),  # who errs less
        (regressors(0.9, 1.0, 1500), "worse"),
        (regressors(1.0, 1.0001, 1500), "equivalent"),
    ],
)
def test_pairs_lead_to_a_verdict(pairs: list[Pair], verdict: str) -> None:
    result = concluded(pairs)
    assert result["verdict"] == verdict
    assert result["ahead"]["low"] <= result["ahead"]["value"] <= result["ahead"]["high"]
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_every_number_is_of_the_same_pairs() -> None:
    pairs = classifiers(0.85, 0.9, 400)
    result = concluded(pairs)
    ahead = [pair.ahead.mean() for pair in pairs]
    assert [entry["ahead"] for entry in result["by_seed"]] == pytest.approx(ahead)
    assert [entry["b"] - entry["a"] for entry in result["runs"]] == pytest.approx(ahead)
    assert result["b"]["value"] - result["a"]["value"] == pytest.approx(result["ahead"]["value"])
    assert result["sd_of_difference"] == pytest.approx(np.std(ahead, ddof=1))
    assert result["over_seeds"]["value"] == pytest.approx(np.mean(ahead))
    assert (result["rows"], result["seeds"]) == (400, [0, 1, 2, 3, 4])


def test_a_margin_of_values_is_a_share_of_the_error_of_a() -> None:
    result = concluded(regressors(2.0, 1.9, 400))
    assert result["margin"] == pytest.approx(0.02 * result["a"]["value"])


def test_always_being_ahead_is_an_improvement_and_now_and_then_is_none() -> None:
    assert concluded(classifiers(0.8, 0.9, 400))["chance_to_be_ahead"]["improvement"]
    pairs = classifiers(0.8, 0.8, 400)
    turned = [Pair(pair.second, pair.first) if n % 2 else pair for n, pair in enumerate(pairs)]
    assert not concluded(turned)["chance_to_be_ahead"]["improvement"]


def test_what_is_not_as_planned_is_said() -> None:
    assert concluded(classifiers(0.8, 0.9, 400), rows=400)["deviations"] == []
    result = concluded(classifiers(0.8, 0.9, 400, seeds=4), rows=500)
    assert [text.partition(":")[0] for text in result["deviations"]] == [
        "400 rows, 500 planned",
        "4 seeds, 5 planned",
    ]
    assert result["verdict"] == "descriptive"
