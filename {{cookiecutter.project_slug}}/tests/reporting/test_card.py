import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from project_tools.claims import texts
from reading_pages import material_of

from {{ cookiecutter.package_name }}.reporting.answers import QUESTIONS, UNANSWERED
from {{ cookiecutter.package_name }}.reporting.card import model_card
from {{ cookiecutter.package_name }}.reporting.hub import METRICS, metadata
from {{ cookiecutter.package_name }}.reporting.material import Material
from {{ cookiecutter.package_name }}.reporting.shown import CLASSES, VALUES

SECTIONS = [
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
    "Reproducibility",
]
CLAIM = re.compile(r"([-+\N{MINUS SIGN}]?[\d,]+(?:\.\d+)?)%?<!-- claim: (\S.*?) (\S+) -->")


@pytest.fixture(scope="module")
def material(pipeline: Path) -> Material:
    return material_of(pipeline)


@pytest.fixture(scope="module")
def card(material: Material) -> str:
    return model_card(material)


def test_the_pipeline_writes_the_card(pipeline: Path) -> None:
    text = (pipeline / "reports/model_card.md").read_text("utf-8")
    assert re.findall("^## (.+)$", text, re.MULTILINE) == SECTIONS


def test_the_front_matter_is_metadata_as_the_hub_reads_them(card: str, material: Material) -> None:
    assert card.startswith("---\n")
    found = yaml.safe_load(card.split("---\n")[1])
    assert found == metadata(material)
    assert found["library_name"] == "pytorch"
    assert found["tags"]
    (entry,) = found["model-index"]
    (result,) = entry["results"]
    assert {"task", "dataset", "metrics"} <= set(result)
    assert result["task"]["type"]
    assert {"type", "name"} <= set(result["dataset"])
    values = {one["type"]: one for one in result["metrics"]}
    for key, numbers in material.network.items():
        assert values[METRICS[key]]["value"] == numbers["value"]
        assert values[METRICS[key]]["args"]["rows"] == numbers["rows"]


def test_every_measure_has_a_name_on_the_hub() -> None:
    assert set(METRICS) == {one.key for one in [*CLASSES, *VALUES]}


def test_a_license_is_the_hub_s_abbreviation_or_left_out(material: Material) -> None:
    answers = dict.fromkeys(QUESTIONS, "")
    assert "license" not in metadata(replace(material, answers=answers))
    answers["license"] = "Apache-2.0"
    assert metadata(replace(material, answers=answers))["license"] == "apache-2.0"


def test_every_number_of_the_results_is_what_it_claims_to_be(card: str, material: Material) -> None:
    found = CLAIM.findall(card)
    assert len(found) > 60
    for shown, path, form in found:
        value = _at(material.metrics, path)
        scale = 100 if form in ("percent", "points") else 1
        decimals = len(shown.partition(".")[2])
        number = float(shown.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        assert number == pytest.approx(round(scale * value, decimals), abs=0.51 * 10**-decimals)
    assert "<!-- claim:" not in CLAIM.sub("", card)


def test_the_check_of_claims_finds_nothing_wrong(
    card: str, material: Material, tmp_path: Path
) -> None:
    file = tmp_path / "reports/model_card.md"
    file.parent.mkdir()
    file.write_text(card, "utf-8")
    (tmp_path / "reports/metrics.json").write_text(json.dumps(material.metrics), "utf-8")
    found = texts.check(tmp_path, file)
    assert found.problems == []
    assert found.claims > 60


def test_what_people_must_say_is_open_until_they_say_it(material: Material) -> None:
    unanswered = replace(material, answers=dict.fromkeys(QUESTIONS, ""))
    assert model_card(unanswered).count(UNANSWERED) >= len(QUESTIONS)
    said = {key: f"said of {number}\nin two lines" for number, key in enumerate(QUESTIONS)}
    text = model_card(replace(material, answers=said))
    assert UNANSWERED not in text.replace(f"About: {UNANSWERED}", "")
    for number in range(len(QUESTIONS)):
        assert f"said of {number} in two lines" in " ".join(text.split())


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("invalid", "INVALID, no conclusion"), ("too_few_rows", "Too few rows, no conclusion")],
)
def test_a_verdict_that_is_none_cannot_be_overlooked(
    material: Material, verdict: str, words: str
) -> None:
    problems = ["every row is of class <a>"]
    metrics = material.metrics | {"verdict": verdict, "problems": problems}
    text = model_card(replace(material, metrics=metrics))
    body = text.split("---\n", 2)[2]
    assert "(no conclusion)" in body.split("## Model details")[0].split("\n> ")[0]
    assert words in body.split("## Model details")[0]
    found = yaml.safe_load(text.split("---\n")[1])
    assert "no-conclusion" in found["tags"]
    assert ("model-index" in found) == (verdict != "invalid")
    fine = model_card(replace(material, metrics=material.metrics | {"verdict": "better"}))
    assert "conclusion" not in fine


def test_the_same_material_gives_the_same_bytes(card: str, material: Material) -> None:
    assert model_card(material) == card


def _at(metrics: Any, path: str) -> Any:
    for key in path.split("."):
        metrics = metrics[int(key)] if isinstance(metrics, list) else metrics[key]
    return metrics
