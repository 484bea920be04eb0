import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit_facts import small_manifest
from toy_tables import ROWS, table, values

from {{ cookiecutter.package_name }} import evaluate
from {{ cookiecutter.package_name }}.classical.models import candidates
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.verdict import FEWEST_ROWS


def metrics(test: dict[str, Predictions], validation: dict[str, Predictions]) -> dict[str, Any]:
    return evaluate.evaluate(test, validation, level=0.95, resamples=100, seed=0)


def differences_of(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How far the network is ahead of each baseline."""
    return found["comparison"]["differences"]


@pytest.mark.parametrize(
    ("network", "baselines", "verdict"),
    [
        (380, [300, 200], "better"),
        (380, [375, 200], "no_difference"),  # beats one for sure, but not the other
        (300, [380, 200], "worse"),
        (300, [300, 300], "no_difference"),
    ],
)
def test_the_verdict_needs_every_baseline_beaten(
    network: int, baselines: list[int], verdict: str
) -> None:
    tables = {"network": table(network)}
    tables |= {f"baseline{number}": table(right) for number, right in enumerate(baselines)}
    found = metrics(tables, tables)
    assert found["verdict"] == verdict
    claims = {"better": "beats every", "worse": "a baseline beats", "no_difference": "no clear"}
    assert [name for name, words in claims.items() if words in found["headline"]] == [verdict]


@pytest.mark.parametrize("change", ["order", "other", "fewer", "labels"])
def test_different_rows_are_not_compared(change: str) -> None:
    network, other = table(300), table(300)
    ids, targets = {
        "order": (other.ids[::-1], other.targets),
        "other": ([f"new-{name}" for name in other.ids], other.targets),
        "fewer": (other.ids[:-1], other.targets[:-1]),
        "labels": (other.ids, 1 - other.targets),
    }[change]
    changed = replace(other, ids=ids, targets=targets, outputs=other.outputs[: len(ids)])
    tables = {"network": network, "dummy": changed}
    with pytest.raises(UserError, match="different rows"):
        metrics(tables, tables)


@pytest.mark.parametrize(
    ("off", "others", "verdict"),
    [(0.1, [1.0, 2.0], "better"), (1.0, [1.0, 2.0], "no_difference"), (2.0, [1.0, 3.0], "worse")],
)
def test_values_are_compared_by_how_far_they_are_off(
    off: float, others: list[float], verdict: str
) -> None:
    tables = {"network": values(off)} | {f"b{n}": values(other) for n, other in enumerate(others)}
    found = metrics(tables, tables)
    assert found["verdict"] == verdict
    assert found["comparison"]["metric"] == "mae"
    assert found["comparison"]["best_baseline"] == "b0"
    assert set(found["models"]["network"]) == {"mae", "rmse", "r2"}
    ahead = differences_of(found)["b1"]["value"]
    assert ahead == pytest.approx(others[1] - off, abs=0.1)


def test_folds_are_counted_and_make_the_interval_of_a_difference() -> None:
    fold = np.arange(ROWS) % 4
    tables = {"network": replace(table(380), fold=fold), "dummy": replace(table(200), fold=fold)}
    found = metrics(tables, tables)
    assert found["test_set"]["folds"] == 4
    assert differences_of(found)["dummy"]["method"] == "corrected resampled t"
    assert "(4 folds)" in found["headline"]


def test_few_rows_conclude_nothing_however_clear_they_look() -> None:
    few = FEWEST_ROWS - 1
    tables = {"network": table(few, few), "dummy": table(0, few)}
    found = metrics(tables, tables)
    assert found["verdict"] == "too_few_rows"
    assert "too few to call a winner" in found["headline"]
    assert "beats" not in found["headline"]


def test_the_best_baseline_is_chosen_on_validation_and_not_on_test() -> None:
    test = {"network": table(390), "knn": table(300), "forest": table(350)}
    validation = {"network": table(9, 10), "knn": table(8, 10), "forest": table(7, 10)}
    found = metrics(test, validation)
    assert found["comparison"]["best_baseline"] == "knn"
    assert "(+22.5 points " in found["headline"]
    assert "against knn" in found["headline"]


def test_the_level_the_resamples_and_the_seed_reach_every_interval() -> None:
    tables = {"network": table(380), "dummy": table(200)}

    def widths(level: float = 0.95, resamples: int = 200, seed: int = 0) -> dict[str, float]:
        found = evaluate.evaluate(tables, tables, level=level, resamples=resamples, seed=seed)
        entries = found["models"]["network"] | {"ahead": differences_of(found)["dummy"]}
        return {name: entry["high"] - entry["low"] for name, entry in entries.items()}

    usual, narrow = widths(), widths(level=0.5)
    assert all(narrow[name] < 0.6 * usual[name] for name in usual)
    resampled = [widths(resamples=number) for number in (100, 300, 1000)]
    seeded = [widths(seed=number) for number in (1, 2, 3)]
    for changed in (resampled, seeded):
        moved = {name for found in changed for name in usual if found[name] != usual[name]}
        assert moved == {"macro_f1", "nll"}


def test_the_summary_holds_the_values_themselves() -> None:
    tables = {"network": table(380), "dummy": table(200)}
    assert evaluate.summary(metrics(tables, tables)) == {
        "rows": ROWS,
        "accuracy": 0.95,
        "macro_f1": pytest.approx(0.95, abs=0.01),
        "nll": pytest.approx(-0.95 * np.log(0.9) - 0.05 * np.log(0.1)),
        "ahead_of_best_baseline": pytest.approx(0.45),
    }


def test_the_hash_of_the_test_set_is_that_of_its_rows_whatever_a_model_says_of_them() -> None:
    assert evaluate.table_hash(table(0)) == evaluate.table_hash(table(400, sure=0.6))
    moved = table(0)
    moved.targets[3] = 1 - moved.targets[3]
    assert evaluate.table_hash(moved) != evaluate.table_hash(table(0))


def test_the_stage_writes_the_contract_of_metrics_json(pipeline: Path) -> None:
    found = json.loads((pipeline / "reports" / "metrics.json").read_text("utf-8"))
    assert set(found) >= {"headline", "verdict", "test_set", "models", "comparison"}
    models, comparison = found["models"], found["comparison"]
    assert set(models) == {"network", *candidates(small_manifest(), 100, 0, 1024)}
    assert set(comparison["differences"]) == set(models) - {"network"}
    assert comparison["best_baseline"] in comparison["differences"]
    assert (comparison["metric"], found["test_set"]["folds"]) == ("accuracy", 0)
    best = comparison["best_baseline"]
    validation = {
        name: Predictions.load(pipeline / f"predictions/baselines/{name}/val.parquet")
        for name in set(models) - {"network"}
    }
    assert max(entry.correct.mean() for entry in validation.values()) == (
        validation[best].correct.mean()
    )
    for model in models.values():
        for name in ("accuracy", "macro_f1", "nll"):
            assert set(model[name]) == {"value", "low", "high", "method", "rows"}
            assert model[name]["rows"] == found["test_set"]["rows"]
    confusion = (pipeline / "reports" / "confusion.csv").read_text("utf-8")
    assert len(list(csv.reader(io.StringIO(confusion)))) == found["test_set"]["rows"] + 1
