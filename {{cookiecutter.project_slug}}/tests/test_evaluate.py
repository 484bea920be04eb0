import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import evaluate
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.verdict import FEWEST_ROWS

ROWS = 400
CLASSES = ["a", "b"]


def table(right: int, rows: int = ROWS, sure: float = 0.9, start: int = 0) -> Predictions:
    """A table whose rows from ``start`` are right, ``right`` of them, and the others wrong."""
    targets = np.arange(rows) % 2
    correct = (np.arange(rows) - start) % rows < right
    predicted = np.where(correct, targets, 1 - targets)
    probabilities = np.where(predicted[:, None] == [0, 1], sure, 1 - sure)
    return Predictions([f"{row}.png" for row in range(rows)], CLASSES, targets, probabilities)


def metrics(test: dict[str, Predictions], validation: dict[str, Predictions]) -> dict[str, Any]:
    return evaluate.evaluate(test, validation, level=0.95, resamples=100, seed=0)


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


def test_the_headline_names_the_baseline_that_decided() -> None:
    test = {"network": table(300), "first": table(302), "second": table(390)}
    validation = {"network": table(300), "first": table(390), "second": table(302)}
    found = metrics(test, validation)
    assert found["comparison"]["best_baseline"] == "first"
    assert "a baseline beats it (-22.5 points" in found["headline"]
    assert "against second, the furthest ahead" in found["headline"]


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


def test_a_difference_is_counted_on_the_same_rows() -> None:
    network, baseline = table(300), table(300, start=50)  # rows 50 to 300 are right in both
    found = evaluate.compare(network, baseline, 0.95)
    assert (found["gained"], found["lost"], found["value"]) == (50, 50, 0)


@pytest.mark.parametrize("change", ["order", "other", "fewer", "labels"])
def test_different_rows_are_not_compared(change: str) -> None:
    network, other = table(300), table(300)
    ids, targets = {
        "order": (other.ids[::-1], other.targets),
        "other": ([f"new-{name}" for name in other.ids], other.targets),
        "fewer": (other.ids[:-1], other.targets[:-1]),
        "labels": (other.ids, 1 - other.targets),
    }[change]
    changed = Predictions(ids, CLASSES, targets, other.probabilities[: len(ids)])
    with pytest.raises(UserError, match="different rows"):
        evaluate.compare(network, changed, 0.95)


def test_numbers_follow_from_the_table() -> None:
    found = evaluate.describe(table(300, sure=0.8), 0.95, 100, 0)
    assert found["accuracy"]["value"] == 0.75
    assert found["macro_f1"]["value"] == pytest.approx(0.75)  # both classes err alike
    assert found["nll"]["value"] == pytest.approx(-0.75 * np.log(0.8) - 0.25 * np.log(0.2))
    assert all(entry["low"] < entry["value"] < entry["high"] for entry in found.values())
    assert all(entry["rows"] == ROWS for entry in found.values())


def test_the_level_the_resamples_and_the_seed_reach_every_interval() -> None:
    tables = {"network": table(380), "dummy": table(200)}

    def widths(level: float = 0.95, resamples: int = 200, seed: int = 0) -> dict[str, float]:
        found = evaluate.evaluate(tables, tables, level=level, resamples=resamples, seed=seed)
        entries = found["models"]["network"] | found["comparison"]["accuracy_difference"]
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


def test_a_model_that_is_sure_and_wrong_has_a_finite_loss() -> None:
    nll = evaluate.describe(table(399, sure=1.0), 0.95, 100, 0)["nll"]
    assert nll["value"] == pytest.approx(-np.log(evaluate.SMALLEST_PROBABILITY) / ROWS)


def test_the_hash_of_the_test_set_is_that_of_its_rows_whatever_a_model_says_of_them() -> None:
    assert evaluate.table_hash(table(0)) == evaluate.table_hash(table(400, sure=0.6))
    moved = table(0)
    moved.targets[3] = 1 - moved.targets[3]
    assert evaluate.table_hash(moved) != evaluate.table_hash(table(0))


def test_classes_with_commas_quotes_and_newlines_survive_as_csv() -> None:
    names = ['left, "quoted"', "two\nlines"]
    text = evaluate.confusion_csv(Predictions(["1"], names, np.array([0]), np.array([[0.2, 0.8]])))
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["target", "prediction"], names]


def test_the_stage_writes_the_contract_of_metrics_json(pipeline: Path) -> None:
    found = json.loads((pipeline / "reports" / "metrics.json").read_text("utf-8"))
    assert set(found) >= {"headline", "verdict", "test_set", "models", "comparison"}
    models, comparison = found["models"], found["comparison"]
    assert set(models) == {"network", "dummy", "logistic", "knn", "svm_rbf", "random_forest"}
    assert set(comparison["accuracy_difference"]) == set(models) - {"network"}
    assert comparison["best_baseline"] in comparison["accuracy_difference"]
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
