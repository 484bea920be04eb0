import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from kit_facts import small_manifest
from toy_tables import ROWS, evidence_of, settings, table

from {{ cookiecutter.package_name }} import evaluate
from {{ cookiecutter.package_name }}.classical.models import candidates
from {{ cookiecutter.package_name }}.measures import evaluation
from {{ cookiecutter.package_name }}.predictions import Predictions


def test_the_summary_holds_the_values_themselves() -> None:
    tables = {"network": table(380), "dummy": table(200)}
    found = evaluation.evaluate(evidence_of(tables), settings(), 0)
    assert evaluate.summary(found) == {
        "rows": ROWS,
        "accuracy": 0.95,
        "macro_f1": pytest.approx(0.95, abs=0.01),
        "balanced_accuracy": pytest.approx(0.95, abs=0.01),
        "matthews": pytest.approx(0.9, abs=0.01),
        "brier": pytest.approx(0.95 * 2 * 0.1**2 + 0.05 * 2 * 0.9**2),
        "nll": pytest.approx(-0.95 * np.log(0.9) - 0.05 * np.log(0.1)),
        "auroc": pytest.approx(0.95),
        "average_precision": pytest.approx(0.95 * 0.95 + 0.05 / 2),
        "ahead_of_best_baseline": pytest.approx(0.45),
    }


def test_a_reader_of_the_headline_is_told_what_it_hides() -> None:
    broken = {"check": "alone as in a batch", "passed": False}
    weak = {"name": "contrast up to 9", "confirmed": True}
    found = evaluate.warnings(
        {
            "behaviour": [broken, {"check": "shift", "passed": None}],
            "calibration": {"error": {"miscalibrated": True}},
            "found_slices": [weak, {"name": "other", "confirmed": False}],
        }
    )
    assert [line for line in found if "alone as in a batch" in line and "shift" not in line]
    assert [line for line in found if "probabilities are off" in line]
    assert [line for line in found if "contrast up to 9" in line and "other" not in line]
    assert evaluate.warnings({"found_slices": []}) == []


@pytest.mark.ml_test_score("infra-3")
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
            numbers = {"value", "low", "high", "method", "rows", "seeds", "test_set"}
            assert set(model[name]) == numbers
            assert model[name]["test_set"] == found["test_set"]["hash"]
            assert model[name]["rows"] == found["test_set"]["rows"]
    confusion = (pipeline / "reports" / "confusion.csv").read_text("utf-8")
    assert len(list(csv.reader(io.StringIO(confusion)))) == found["test_set"]["rows"] + 1
