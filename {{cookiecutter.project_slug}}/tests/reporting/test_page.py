import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from reading_pages import Page, material_of, rendered

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting import mistakes
from {{ cookiecutter.package_name }}.reporting.page import parts
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest

HOSTILE = "<script>alert('1')</script> & \"co\""


@pytest.mark.slow
def test_predictions_of_other_rows_are_refused(pipeline: Path, tmp_path: Path) -> None:
    for split in ("test", "val"):
        table = Predictions.load(pipeline / f"predictions/network/{split}.parquet")
        other = replace(table, ids=[f"new {name}" for name in table.ids])
        other.save(tmp_path / f"{split}.parquet")
    with pytest.raises(UserError, match="predictions/network is of other rows"):
        rendered(pipeline, network=tmp_path)


@pytest.fixture(scope="module")
def html(pipeline: Path) -> str:
    return (pipeline / "reports/report.html").read_text("utf-8")


def test_the_page_says_the_headline_and_every_number_of_the_tables(
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
        assert f"{low} to {high}".replace("-", "\N{MINUS SIGN}") in text
    for entry in metrics["behaviour"]:
        assert entry["check"] in text
    for corruption in metrics["robustness"]["corruption_errors"]:
        assert corruption in text
    assert metrics["test_set"]["hash"] in text


def test_every_figure_is_drawn_and_says_in_words_what_it_shows(html: str, pipeline: Path) -> None:
    drawn = [attributes for tag, attributes in Page(html).tags if tag == "svg"]
    assert len(drawn) >= 9
    for attributes in drawn:
        assert attributes["role"] == "img"
        assert re.search(r"\d", attributes["aria-label"] or "")
    told = " ".join(str(attributes["aria-label"]) for attributes in drawn)
    metrics = json.loads((pipeline / "reports/metrics.json").read_text("utf-8"))
    assert f"network {metrics['models']['network']['accuracy']['value']:.1%}" in told
    assert f"Calibration error {metrics['calibration']['error']['value']:.3f}" in told


def test_the_errors_are_shown(html: str, pipeline: Path) -> None:
    page = Page(html)
    table = Predictions.load(pipeline / "predictions/network/test.parquet")
    wrong = int((~table.correct).sum())
    assert f"{wrong} of {len(table.ids)} rows" in page.text
    shown = [attributes.get("role") for tag, attributes in page.tags if tag == "figure"]
    assert shown.count("group") == min(wrong, mistakes.MOST_ERRORS) > 0


def test_the_table_of_contents_leads_to_every_section_and_headings_are_in_order(
    html: str, pipeline: Path
) -> None:
    page = Page(html)
    ids = [attributes["id"] for tag, attributes in page.tags if tag == "section"]
    links = [str(attributes["href"])[1:] for tag, attributes in page.tags if tag == "a"]
    assert ids == links == [part.name for part in parts(material_of(pipeline))]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_headers_with_a_scope_and_a_name(html: str) -> None:
    page = Page(html)
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    scopes = {"col", "row", "colgroup", "rowgroup"}
    assert {attributes.get("scope") for attributes in heads} == scopes
    named = [attributes for _, attributes in page.tags if attributes.get("role") == "region"]
    assert len(named) == page.count("table") > 5
    assert all(attributes["aria-label"] for attributes in named)


def test_no_two_elements_have_the_same_id(html: str) -> None:
    ids = Counter(attributes["id"] for _, attributes in Page(html).tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(html: str, pipeline: Path) -> None:
    name = Path(mistakes.__file__).parents[1].name
    overrides: list[str] = [
        line.removeprefix("- ")
        for line in (pipeline / "current.yaml").read_text("utf-8").splitlines()
    ]
    again = [rendered(pipeline, name=name, overrides=overrides) for _ in range(2)]
    assert again == [html, html]


@pytest.mark.slow
def test_names_from_the_data_are_shown_as_text(pipeline: Path, tmp_path: Path) -> None:
    project = shutil.copytree(pipeline, tmp_path / "project")
    _rename_first_class(project)
    page = Page(rendered(project, name=HOSTILE))
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
    errors = mistakes.list_errors(
        replace(table, outputs=probabilities), prepared, Manifest.load(prepared), [None]
    )
    assert [error["id"] for error in errors] == table.ids[::-1][: mistakes.MOST_ERRORS]
    assert errors[0]["confidence"] == pytest.approx(0.9)
    assert errors[0]["predicted"] == table.classes[wrong[-1]]
    assert len({error["picture"] for error in errors}) == len(errors)


def _rename_first_class(project: Path) -> None:
    prepared, network = project / "data/prepared", project / "predictions/network"
    old = Manifest.load(prepared).classes[0]
    manifest = json.loads((prepared / "manifest.json").read_text("utf-8"))
    manifest["classes"][0] = HOSTILE
    (prepared / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for file in (network / "test.parquet", network / "val.parquet"):
        table: Any = pl.read_parquet(file)
        table = table.rename({f"probability {old}": f"probability {HOSTILE}"})
        named = pl.col("target", "prediction").replace(old, HOSTILE)
        table.with_columns(named).write_parquet(file)
