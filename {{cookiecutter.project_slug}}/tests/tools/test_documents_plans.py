import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from project_tools.documents import plans

PLAN = """\
# A wider network.
hypothesis: Wider is at least a point better, because the present one underfits.
a: []
b: [model.width=48]
metric: accuracy
margin: 0.01
rows: 400
seeds: 5
"""


@pytest.fixture
def file(project: Path) -> Path:
    place = project / "docs/experiments/wider.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(PLAN, "utf-8")
    return place


def result(plan: Path, **changes: Any) -> Path:
    usual: dict[str, Any] = {
        "metric": "accuracy",
        "rows": 400,
        "seeds": [0, 1, 2, 3, 4],
        "deviations": [],
        "plan_hash": hashlib.sha256(plan.read_bytes()).hexdigest()[:32],
        "sentence": "b is better",
        "verdict": "better",
        "margin": 0.01,
        "level": 0.95,
        "ahead": {"value": 0.03, "low": 0.01, "high": 0.05},
    }
    content = {key: value for key, value in (usual | changes).items() if value is not None}
    plan.with_suffix(".json").write_text(json.dumps(content), "utf-8")
    plan.with_suffix(".md").write_text("# wider\n\nb is better.\n", "utf-8")
    return plan.with_suffix(".json")


def told(file: Path) -> list[str]:
    problems = plans.check(file)
    assert all(one.startswith(f"docs/experiments/{file.name}:") for one in problems)
    return [one.removeprefix(f"docs/experiments/{file.name}:") for one in problems]


def test_a_plan_with_every_field_passes(file: Path) -> None:
    assert told(file) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("margin: 0.01\n", "", "1: margin is missing: expected a share between 0 and 1"),
        ("margin: 0.01", "margin: 1.5", "6: margin=1.5: expected a share between 0 and 1"),
        ("seeds: 5", "seeds: 1", "8: seeds=1: expected a whole number from 2 on"),
        ("rows: 400", "row: 400", "7: row: unknown. Did you mean 'rows'?"),
        ("metric: accuracy", "metric: f1", "5: metric is f1, expected the primary one"),
        ("b: [model.width=48]", "b: []", "4: b is the same as a, expected a difference"),
        ("Wider is at least a point better, because the present one underfits.", '""', "2: hypoth"),
        ("Wider is at least a point better, because the present one underfits.", "TODO", "2: the "),
        ("Wider is at least a point better, because the present one underfits.", "Wider", "2: the"),
        (PLAN, "[", "1: cannot be read as YAML, expected keys and values"),
    ],
)
def test_a_fault_of_a_plan_is_told_with_its_line_and_what_was_expected(
    old: str, new: str, problem: str, file: Path
) -> None:
    assert PLAN.count(old) == 1
    file.write_text(PLAN.replace(old, new), "utf-8")
    (only,) = told(file)
    assert only.startswith(problem)


def test_the_words_that_ask_for_a_hypothesis_are_none(file: Path) -> None:
    asked = PLAN.replace("Wider is at least", "what you expect and why, in a sentence: wider is")
    file.write_text(asked.replace(": wider", " wider"), "utf-8")
    (only,) = told(file)
    assert only.startswith("2: the hypothesis is a placeholder, expected what you expect, and why")


def test_a_result_that_reports_its_plan_passes(file: Path) -> None:
    assert told(result(file)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"metric": "macro_f1"}, "1: it reports macro_f1, and accuracy was planned"),
        ({"seeds": [0, 1, 2]}, "1: 3 seeds, 5 planned, and nothing is said of it"),
        ({"margin": None}, "1: margin is missing, expected what `uv run compare` writes"),
        ({"ahead": None}, "1: ahead is missing, expected what `uv run compare` writes"),
        ({"plan_hash": "0"}, "1: wider.yaml is not the plan that it was carried out by"),
        ({"sentence": "b is best"}, "1: wider.md does not have its sentence"),
    ],
)
def test_a_result_that_does_not_is_told(changes: dict[str, Any], problem: str, file: Path) -> None:
    assert told(result(file, **changes)) == [problem]
