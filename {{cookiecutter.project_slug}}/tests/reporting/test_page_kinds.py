"""The report of values, and of rows in folds."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from reading_pages import Page, rendered
from toy_tables import evidence_of, settings

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.measures.evaluation import evaluate
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting import page as page_of
from {{ cookiecutter.package_name }}.schema import Manifest

BASELINES = ("dummy", "linear")


def values(prepared: Path, off: float) -> Predictions:
    """Values for the test rows of ``prepared``, each further off than the one before."""
    ids = load_split(prepared, "test").ids
    targets = 100 + np.arange(len(ids)) * 10.0
    return Predictions(ids, [], targets, targets + off * np.arange(len(ids)))


@pytest.fixture(scope="module")
def of_values(pipeline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose target is a number: the rows are those of ``pipeline``."""
    project = shutil.copytree(pipeline, tmp_path_factory.mktemp("values") / "project")
    prepared, model = project / "data/prepared", project / "models/network"
    replace(Manifest.load(prepared), classes=[]).save(prepared)
    history = pl.read_csv(model / "history.csv").rename({"val/accuracy": "val/mae"})
    history.write_csv(model / "history.csv")
    tables = {"network": values(prepared, 0.1)}
    tables |= {name: values(prepared, off) for name, off in zip(BASELINES, (9, 0.2), strict=True)}
    tables["network"].save(project / "predictions/network/test.parquet")
    facts = {"trials": 2, "converged": True, "train_rows": 60, "features": 7}
    tuning = project / "predictions/baselines/tuning.json"
    tuning.write_text(json.dumps({name: [facts] for name in BASELINES}), "utf-8")
    metrics = evaluate(evidence_of(tables), settings(), 0)
    (project / "reports/metrics.json").write_text(json.dumps(metrics), "utf-8")
    return project


def metrics_of(project: Path) -> dict[str, Any]:
    return json.loads((project / "reports/metrics.json").read_text("utf-8"))


def test_a_report_of_values_says_its_own_numbers_and_nothing_of_classes(of_values: Path) -> None:
    text, metrics = Page(rendered(of_values)).text, metrics_of(of_values)
    assert metrics["headline"] in text
    for label in ("mean absolute error", "root mean squared error", "R²", "closer than linear"):
        assert label in text
    for entry in metrics["models"].values():
        assert f"{entry['mae']['value']:.4g}" in text
        assert f"{entry['r2']['value']:.3f}" in text
    for difference in metrics["comparison"]["differences"].values():
        assert f"{difference['low']:+.3g} to {difference['high']:+.3g}" in text
    text = text.replace(Manifest.load(of_values / "data/prepared").summary, "")
    for word in ("accuracy", "macro-F1", "log loss", "McNemar", "class", "surest"):
        assert word not in text
    assert "flipping signs" in text


def test_a_report_of_values_draws_scores_points_and_curves(of_values: Path) -> None:
    page = Page(rendered(of_values))
    assert [tag for tag, _ in page.tags].count("svg") == 3
    assert "mean absolute error on the test rows" in page.text
    assert "validation mae" in page.text
    assert "on the line the prediction is the target" in page.text


def test_the_largest_errors_come_first(of_values: Path) -> None:
    prepared = of_values / "data/prepared"
    table = values(prepared, 0.1)
    errors = page_of.list_errors(table, prepared, Manifest.load(prepared), [None])
    assert len(errors) == min(page_of.MOST_ERRORS, len(table.ids) - 1)  # the first is right
    assert [error["id"] for error in errors] == table.ids[::-1][: len(errors)]
    assert errors[0]["target"] == f"{table.targets[-1]:.4g}"
    assert errors[0]["predicted"] == f"{table.outputs[-1]:.4g}"
    assert f"The {len(errors)} largest errors" in Page(rendered(of_values)).text


def test_the_best_model_stands_on_top_of_the_table(of_values: Path) -> None:
    text = Page(rendered(of_values)).text
    table = text[text.index("network ahead by") :]
    assert table.index("network", 20) < table.index("linear") < table.index("dummy")


def test_a_report_of_folds_says_how_its_numbers_came_about(folded: Path) -> None:
    text, metrics = Page(rendered(folded)).text, metrics_of(folded)
    rows = metrics["test_set"]["rows"]
    assert f"All {rows} rows, the same for every model" in text
    assert "trained on the other 2 of 3 folds" in text
    assert "Counts of all rows" in text
    assert "split by hash into 3 folds, since a test split would be small" in text
    assert "also train" in text
    assert "corrected resampled t" in text
    assert "the same test over the folds" in text
    assert "the test split" not in text


def test_errors_of_folds_are_shown_with_the_row_that_was_predicted(folded: Path) -> None:
    prepared = folded / "data/prepared"
    table = Predictions.load(folded / "predictions/network/test.parquet")
    manifest = Manifest.load(prepared)
    errors = page_of.list_errors(table, prepared, manifest, [0, 1, 2])
    pictures = {
        name: page_of.as_html(row, manifest)
        for fold in range(manifest.folds)
        for part in [load_split(prepared, "test", fold)]
        for name, row in zip(part.ids, part.inputs, strict=True)
    }
    assert errors
    assert all(error["picture"] == pictures[error["id"]] for error in errors)


def test_a_baseline_that_did_not_converge_in_one_fold_did_not_converge(folded: Path) -> None:
    tuning = json.loads((folded / "predictions/baselines/tuning.json").read_text("utf-8"))
    name, facts = next(iter(tuning.items()))
    first, second, third = (entry | {"converged": True} for entry in facts)
    assert page_of.how_tuned({name: [first, second, third]})[name]["converged"]
    second["converged"] = False
    assert not page_of.how_tuned({name: [first, second, third]})[name]["converged"]
