from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from toy_tables import ROWS, evidence_of, settings, table, values

from {{ cookiecutter.package_name }}.measures import evaluation
from {{ cookiecutter.package_name }}.measures.tables import rows_hash
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.multiplicity import holm
from {{ cookiecutter.package_name }}.stats.verdict import FEWEST_ROWS


def metrics(test: dict[str, Predictions], validation: dict[str, Predictions]) -> dict[str, Any]:
    return evaluation.evaluate(evidence_of(test, validation), settings(), 0)


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
@pytest.mark.ml_test_score("model-5")
def test_the_verdict_needs_every_baseline_beaten(
    network: int, baselines: list[int], verdict: str
) -> None:
    tables = {"network": table(network)}
    tables |= {f"baseline{number}": table(right) for number, right in enumerate(baselines)}
    found = metrics(tables, tables)
    assert found["verdict"] == verdict
    claims = {
        "better": "it beats",
        "worse": "a baseline beats",
        "no_difference": "not clearly beat",
    }
    assert [name for name, words in claims.items() if words in found["headline"]] == [verdict]


@pytest.mark.parametrize("change", ["order", "other", "fewer", "labels", "classes"])
@pytest.mark.ml_test_score("model-5")
def test_different_rows_are_not_compared(change: str) -> None:
    network, other = table(300), table(300)
    ids, targets = {
        "order": (other.ids[::-1], other.targets),
        "other": ([f"new-{name}" for name in other.ids], other.targets),
        "fewer": (other.ids[:-1], other.targets[:-1]),
        "labels": (other.ids, 1 - other.targets),
        "classes": (other.ids, other.targets),
    }[change]
    changed = replace(other, ids=ids, targets=targets, outputs=other.outputs[: len(ids)])
    if change == "classes":
        changed = replace(changed, classes=[*other.classes, "c"])
    tables = {"network": network, "dummy": changed}
    with pytest.raises(UserError, match="dummy: predictions of different rows"):
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


@pytest.mark.ml_test_score("model-5")
def test_the_best_baseline_is_chosen_on_validation_and_not_on_test() -> None:
    test = {"network": table(390), "knn": table(300), "forest": table(350)}
    validation = {"network": table(9, 10), "knn": table(8, 10), "forest": table(7, 10)}
    found = metrics(test, validation)
    assert found["comparison"]["best_baseline"] == "knn"
    assert "(+22.5 points " in found["headline"]
    assert "against knn" in found["headline"]


@pytest.mark.slow
def test_the_level_the_resamples_and_the_seed_reach_every_interval() -> None:
    tables = {"network": table(380), "dummy": table(200)}

    def widths(level: float = 0.95, resamples: int = 200, seed: int = 0) -> dict[str, float]:
        chosen = settings(level=level, resamples=resamples)
        found = evaluation.evaluate(evidence_of(tables), chosen, seed)
        entries = found["models"]["network"] | {"ahead": differences_of(found)["dummy"]}
        return {name: entry["high"] - entry["low"] for name, entry in entries.items()}

    usual, narrow = widths(), widths(level=0.5)
    assert all(narrow[name] < 0.6 * usual[name] for name in usual)
    resampled = [widths(resamples=number) for number in (100, 300, 1000)]
    seeded = [widths(seed=number) for number in (1, 2, 3)]
    for changed in (resampled, seeded):
        moved = {name for found in changed for name in usual if found[name] != usual[name]}
        of_counts = {"macro_f1", "balanced_accuracy", "matthews"}
        assert moved == of_counts | {"nll", "brier", "auroc", "average_precision"}


@pytest.mark.parametrize("one", [table(300), values(1.0)])
def test_rows_of_one_target_conclude_nothing(one: Predictions) -> None:
    alike = replace(one, targets=np.zeros_like(one.targets))
    found = metrics({"network": alike, "dummy": alike}, {"network": one, "dummy": one})
    assert found["verdict"] == "invalid"
    assert "No conclusion: every test row has the target" in found["headline"]


def test_p_values_of_several_baselines_are_adjusted_as_one_family() -> None:
    tables = {"network": table(330)} | {f"b{n}": table(310 + n, start=n) for n in range(4)}
    found = differences_of(metrics(tables, tables))
    expected = holm([entry["p_value"] for entry in found.values()])
    assert [entry["p_adjusted"] for entry in found.values()] == pytest.approx(expected)
    assert max(entry["p_adjusted"] / entry["p_value"] for entry in found.values()) > 2


def test_what_was_not_measured_is_listed_with_its_reason() -> None:
    rare = replace(table(300), classes=["a", "b", "c"], outputs=np.eye(3)[table(300).predicted])
    found = metrics({"network": rare, "dummy": rare}, {"network": rare, "dummy": rare})
    assert "class c: no test row has it" in found["not_measured"]
    assert "robustness: no predictions for it" in found["not_measured"]
    assert any("other seeds" in line for line in found["not_measured"])
    few = {"network": table(50, 60), "dummy": table(50, 60)}
    assert any("fewer than 300" in line for line in metrics(few, few)["not_measured"])


def test_every_number_says_how_it_was_found_and_of_which_rows() -> None:
    tables = {"network": table(380), "dummy": table(200)}
    found = metrics(tables, {name: one.select(np.arange(100)) for name, one in tables.items()})

    def numbers(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return [number for entry in value for number in numbers(entry)]
        if not isinstance(value, dict):
            return []
        own = [value] if "method" in value else []
        return own + [number for entry in value.values() for number in numbers(entry)]

    assert len(numbers(found)) > 15
    assert all(number["seeds"] == [0] for number in numbers(found))
    of_test = [number for number in numbers(found) if "test_set" in number]
    of_validation = [number for number in numbers(found) if "validation_set" in number]
    assert {number["test_set"] for number in of_test} == {rows_hash(tables["network"])}
    assert of_validation == [found["calibration"]["temperature"]["nll_change"]]
    assert len(of_test) + len(of_validation) == len(numbers(found))


def test_columns_that_the_contract_calls_sensitive_are_measured_as_groups() -> None:
    facts = pl.DataFrame({"sex": ["f", "m"] * (ROWS // 2), "other": range(ROWS)})
    network = replace(table(380), facts=facts)
    tables = {"network": network, "dummy": table(200)}
    evidence = replace(evidence_of(tables), sensitive=["sex"])
    found = evaluation.evaluate(evidence, settings(sensitive=["other"]), 0)
    columns = [entry["column"] for entry in found["sensitive_groups"]]
    assert columns == ["other"] * 4 + ["sex"] * 2
