"""The report of values, and of rows in folds."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading_pages import Page, material_of, rendered, values_of

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting.card import model_card
from {{ cookiecutter.package_name }}.reporting.material import how_tuned
from {{ cookiecutter.package_name }}.reporting.mistakes import MOST_ERRORS, list_errors
from {{ cookiecutter.package_name }}.schema import Manifest, as_html

MINUS = "\N{MINUS SIGN}"


def metrics_of(project: Path) -> dict[str, Any]:
    return json.loads((project / "reports/metrics.json").read_text("utf-8"))


@pytest.mark.slow
def test_a_report_of_values_says_its_own_numbers_and_nothing_of_classes(of_values: Path) -> None:
    text, metrics = Page(rendered(of_values)).text, metrics_of(of_values)
    assert metrics["headline"] in text
    for label in ("mean absolute error", "root mean squared error", "R²", "closer than linear"):
        assert label in text
    for entry in metrics["models"].values():
        assert f"{entry['mae']['value']:,.3f}" in text
        assert f"{entry['r2']['value']:.3f}".replace("-", MINUS) in text
    for difference in metrics["comparison"]["differences"].values():
        ends = f"{difference['low']:+,.3f} to {difference['high']:+,.3f}"
        assert ends.replace("-", MINUS) in text
    text = text.replace(Manifest.load(of_values / "data/prepared").summary, "")
    for word in ("accuracy", "macro-F1", "log loss", "McNemar", "classes", "surest"):
        assert word not in text
    assert "flipping signs" in text


@pytest.mark.slow
def test_a_report_of_values_draws_scores_points_residuals_and_curves(of_values: Path) -> None:
    page = Page(rendered(of_values))
    assert page.count("svg") == 6
    assert "Mean absolute error of each model" in page.text
    assert "validation mae" in page.text
    assert "on the line the prediction is the target" in page.text
    assert "Residuals" in page.text


@pytest.mark.slow
def test_intervals_that_could_not_be_made_say_why(of_values: Path) -> None:
    metrics = metrics_of(of_values)
    metrics["intervals_of_values"] = {"half_width": None, "why": "3 validation rows are too few"}
    page = Page(rendered(of_values, metrics=metrics))
    assert "Not measured: 3 validation rows are too few" in page.text
    assert "The band is the interval" not in page.text
    assert page.count("svg") == 6
    card = model_card(material_of(of_values, metrics=metrics))
    assert "Not measured: 3 validation rows are too few." in card


def test_a_card_of_values_says_its_own_numbers(of_values: Path) -> None:
    card = model_card(material_of(of_values))
    network = metrics_of(of_values)["models"]["network"]
    assert f"{network['mae']['value']:,.3f}<!-- claim: models.network.mae.value .3f -->" in card
    assert "classes" not in card.split("## Quantitative analyses")[1].split("## Ethical")[0]


@pytest.mark.slow
def test_the_largest_errors_come_first(of_values: Path) -> None:
    prepared = of_values / "data/prepared"
    table = values_of(prepared, 0.1)
    errors = list_errors(table, prepared, Manifest.load(prepared), [None])
    assert len(errors) == min(MOST_ERRORS, len(table.ids) - 1)  # the first is right
    assert [error["id"] for error in errors] == table.ids[::-1][: len(errors)]
    assert errors[0]["target"] == f"{table.targets[-1]:.4g}"
    assert errors[0]["predicted"] == f"{table.outputs[-1]:.4g}"
    assert f"The {len(errors)} largest errors" in Page(rendered(of_values)).text


@pytest.mark.slow
def test_the_best_model_stands_on_top_of_the_table(of_values: Path) -> None:
    text = Page(rendered(of_values)).text
    table = text[text.index("Other measures") :]
    assert table.index("network") < table.index("linear") < table.index("dummy")


@pytest.mark.slow
def test_a_report_of_folds_says_how_its_numbers_came_about(folded: Path) -> None:
    text, metrics = Page(rendered(folded)).text, metrics_of(folded)
    rows = metrics["test_set"]["rows"]
    assert f"All {rows} rows, the same for every model" in text
    assert "3 folds by hash" in text
    assert "trained on the other 2 of 3 folds" in text
    assert "Counts of all rows" in text
    assert "split by hash into 3 folds, since a test split would be small" in text
    assert "also train" in text
    assert "corrected resampled t" in text
    assert "the same test over the folds" in text
    assert "the test split" not in text


@pytest.mark.slow
def test_errors_of_folds_are_shown_with_the_row_that_was_predicted(folded: Path) -> None:
    prepared = folded / "data/prepared"
    table = Predictions.load(folded / "predictions/network/test.parquet")
    manifest = Manifest.load(prepared)
    errors = list_errors(table, prepared, manifest, [0, 1, 2])
    pictures = {
        name: as_html(row, manifest)
        for fold in range(manifest.folds)
        for part in [load_split(prepared, "test", fold)]
        for name, row in zip(part.ids, part.inputs, strict=True)
    }
    assert errors
    assert all(error["picture"] == pictures[error["id"]] for error in errors)


@pytest.mark.slow
def test_a_baseline_that_did_not_converge_in_one_fold_did_not_converge(folded: Path) -> None:
    tuning = json.loads((folded / "predictions/baselines/tuning.json").read_text("utf-8"))
    name, facts = next(iter(tuning.items()))
    first, second, third = (entry | {"converged": True} for entry in facts)
    assert how_tuned({name: [first, second, third]})[name]["converged"]
    second |= {"converged": False, "validation": third["validation"] + 0.3}
    found = how_tuned({name: [first, second, third]})[name]
    assert not found["converged"]
    assert found["fits"] == 3 * first["trials"]
    scores = [entry["validation"] for entry in (first, second, third)]
    assert found["validation"] == pytest.approx(sum(scores) / 3)
