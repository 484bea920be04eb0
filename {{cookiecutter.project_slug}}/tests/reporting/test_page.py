import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from reading_pages import Page, rendered

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting import page as page_of
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest

HOSTILE = "<script>alert('1')</script> & \"co\""


def test_predictions_of_other_rows_are_refused(pipeline: Path, tmp_path: Path) -> None:
    table = Predictions.load(pipeline / "predictions/network/test.parquet")
    replace(table, ids=[f"new {name}" for name in table.ids]).save(tmp_path / "test.parquet")
    with pytest.raises(UserError, match="predictions/network is of other rows"):
        rendered(pipeline, network=tmp_path)


def test_leaks_that_were_accepted_are_told_before_the_numbers(pipeline: Path) -> None:
    told = "3 rows of test <are> in train"
    leak = {"kind": "duplicates", "rows": 3, "message": told}
    text = Page(rendered(pipeline, leaks=[leak])).text
    assert text.index("audit.accept") < text.index(told) < text.index("How to read this")
    assert "audit.accept" not in Page(rendered(pipeline, leaks=[])).text


@pytest.fixture(scope="module")
def html(pipeline: Path) -> str:
    return (pipeline / "reports/report.html").read_text("utf-8")


def test_the_page_says_the_headline_and_every_number_of_the_table(
    html: str, pipeline: Path
) -> None:
    metrics = json.loads((pipeline / "reports/metrics.json").read_text("utf-8"))
    text = Page(html).text
    assert metrics["headline"] in text
    for name, entry in metrics["models"].items():
        assert name in text
        assert f"{entry['accuracy']['value']:.1%}" in text
        assert f"{entry['macro_f1']['value']:.3f}" in text
        assert f"{entry['nll']['value']:.3f}" in text
    for difference in metrics["comparison"]["differences"].values():
        low, high = (f"{100 * difference[end]:+.1f}" for end in ("low", "high"))
        assert f"{low} to {high}" in text
    assert metrics["test_set"]["hash"] in text


def test_the_page_shows_its_figures_what_the_data_are_and_the_errors(
    html: str, pipeline: Path
) -> None:
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("svg") == 3
    for words in ("accuracy on the test rows", "validation accuracy", "predicted", "target"):
        assert words in page.text
    table = Predictions.load(pipeline / "predictions/network/test.parquet")
    wrong = int((~table.correct).sum())
    assert f"{wrong} errors" in page.text
    shown = [tag for tag, _ in page.tags].count("figure")
    assert shown == min(wrong, page_of.MOST_ERRORS)


def test_what_the_source_says_of_itself_stands_below_the_headline(
    pipeline: Path, tmp_path: Path
) -> None:
    prepared = shutil.copytree(pipeline / "data/prepared", tmp_path / "prepared")
    told = replace(Manifest.load(prepared), about="Random placement favours convolution.")
    told.save(prepared)
    assert "Random placement favours" in Page(rendered(pipeline, prepared=prepared)).text


def test_the_page_needs_no_other_file_and_no_network(html: str) -> None:
    page = Page(html)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "data", "action"):
            value = attributes.get(name) or "#"
            assert value.startswith(("data:image/png;base64,", "#")), (tag, name, value)
    assert not re.search(r"url\((?!['\"]?#)|@import", html)


def test_the_same_inputs_give_the_same_bytes(html: str, pipeline: Path) -> None:
    name = Path(page_of.__file__).parents[1].name
    assert rendered(pipeline, name=name) == rendered(pipeline, name=name) == html


def test_names_from_the_data_are_shown_as_text(pipeline: Path, tmp_path: Path) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    _rename_first_class(project)
    html = rendered(project, name=HOSTILE)
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.text.count(HOSTILE) >= 3  # title, heading, data table


def test_the_surest_errors_come_first_each_with_its_own_picture(pipeline: Path) -> None:
    prepared = pipeline / "data/prepared"
    table = Predictions.load(pipeline / "predictions/network/test.parquet")
    count = len(table.classes)
    wrong = (table.targets + 1) % count
    sure = np.linspace(0.5, 0.9, len(table.ids))
    probabilities = np.full((len(table.ids), count), 0.05)
    probabilities[np.arange(len(table.ids)), wrong] = sure
    errors = page_of.list_errors(
        replace(table, outputs=probabilities), prepared, Manifest.load(prepared), [None]
    )
    assert [error["id"] for error in errors] == table.ids[::-1][: page_of.MOST_ERRORS]
    assert errors[0]["confidence"] == pytest.approx(0.9)
    assert errors[0]["predicted"] == table.classes[wrong[-1]]
    assert len({error["picture"] for error in errors}) == len(errors)


def _rename_first_class(project: Path) -> None:
    prepared, network = project / "data/prepared", project / "predictions/network/test.parquet"
    old = Manifest.load(prepared).classes[0]
    manifest = json.loads((prepared / "manifest.json").read_text("utf-8"))
    manifest["classes"][0] = HOSTILE
    (prepared / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    table = pl.read_parquet(network)
    table = table.rename({f"probability {old}": f"probability {HOSTILE}"})
    named = pl.col("target", "prediction").replace(old, HOSTILE)
    table.with_columns(named).write_parquet(network)
