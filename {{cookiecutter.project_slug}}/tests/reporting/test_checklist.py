from pathlib import Path
from typing import Any

import pytest
from reading_pages import material_of

from {{ cookiecutter.package_name }}.reporting import checklist
from {{ cookiecutter.package_name }}.reporting.answers import QUESTIONS
from {{ cookiecutter.package_name }}.reporting.lineage import configuration, lineage

ANSWERED = {question: f"said of {question}" for question in QUESTIONS}


def states(items: list[checklist.Item]) -> dict[str, str]:
    return {item.asked: item.state for item in items}


def test_the_lists_have_all_items_of_the_originals(pipeline: Path) -> None:
    material = material_of(pipeline)
    assert len(checklist.pineau(material)) == 21
    numbers = [int(item.asked.split()[0]) for item in checklist.neurips(material)]
    assert numbers == list(range(1, 17))


def test_a_machine_fills_most_items_and_says_which_are_open(pipeline: Path) -> None:
    measured: dict[str, Any] = {"machine": {"processor": "a chip"}, "protocol": {}}
    measured["latency_seconds"] = {"p50": {"value": 0.002, "low": 0.001, "high": 0.003}}
    material = material_of(pipeline, efficiency=measured)
    found = states(checklist.pineau(material))
    assert list(found.values()).count(checklist.FILLED) == 16
    assert {asked for asked, state in found.items() if state == checklist.OPEN} == {
        "model: assumptions",
        "data: link to download",
        "data: how they were collected",
    }
    other = list(states(checklist.neurips(material)).values())
    assert other.count(checklist.FILLED) + other.count(checklist.PARTLY) >= 9


def test_without_a_measurement_run_time_and_infrastructure_are_open(pipeline: Path) -> None:
    found = {item.asked: item for item in checklist.pineau(material_of(pipeline))}
    for asked in ("results: run time", "results: infrastructure"):
        assert found[asked].state == checklist.OPEN
        assert "uv run benchmark" in found[asked].answer


def test_what_people_answer_closes_every_item(pipeline: Path) -> None:
    material = material_of(pipeline, answers=ANSWERED)
    items = checklist.neurips(material)
    assert {item.state for item in items} == {checklist.FILLED, checklist.NOT_APPLICABLE}
    told = " ".join(item.answer for item in [*items, *checklist.pineau(material)])
    for question in ("limitations", "people", "data_source", "assumptions", "compute", "code"):
        assert f"said of {question}" in told


def test_values_are_those_of_this_model(pipeline: Path) -> None:
    material = material_of(pipeline)
    told = {item.asked: item.answer for item in checklist.pineau(material)}
    assert f"{material.facts['parameters']:,}" in told["model: complexity"]
    assert material.model_hash in told["code: trained model"]
    searched = told["results: hyperparameters and their search"]
    for name, facts in material.tuning.items():
        assert f"{name} {facts['trials']} trial" in searched
        for hyperparameter, values in facts["space"].items():
            assert f"{hyperparameter}={values}" in searched
    assert "1 model evaluated on this test set" in told["results: number of runs"]
    assert f"test {material.manifest.rows['test']}" in told["data: splits"]


def test_the_summary_counts_the_states() -> None:
    items = [
        checklist.Item("a", "x"),
        checklist.Item("b", "x", checklist.OPEN),
        checklist.Item("c", "x", checklist.OPEN),
    ]
    assert checklist.filled(items) == "Of 3 items 1 filled, 2 open"


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ([], "`conf/` as it is"),
        (["run=try"], "`conf/` as it is"),
        (["model.width=8", "run=try"], "`conf/` with `model.width=8`"),
    ],
)
def test_the_configuration_is_what_differs_from_the_defaults(
    overrides: list[str], told: str
) -> None:
    assert configuration(overrides) == told


def test_lineage_names_the_hashes_that_the_numbers_follow_from(pipeline: Path) -> None:
    material = material_of(pipeline)
    values = {value for _, value in lineage(material)}
    assert values >= {*material.manifest.hashes.values(), material.model_hash}
    assert material.metrics["test_set"]["hash"] in values
