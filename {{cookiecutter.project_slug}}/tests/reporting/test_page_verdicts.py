"""What must not be overlooked: verdicts that are none, warnings, slices that hold, costs."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading_pages import Page, material_of, rendered

from {{ cookiecutter.package_name }}.records.looks import MOST_LOOKS
from {{ cookiecutter.package_name }}.reporting.cautions import cautions
from {{ cookiecutter.package_name }}.reporting.page import MOST_FOUND, found_slices, grid


@pytest.fixture
def metrics(pipeline: Path) -> dict[str, Any]:
    """Numbers to be changed, of a model of which nothing bad is known."""
    found = json.loads((pipeline / "reports/metrics.json").read_text("utf-8"))
    found["calibration"]["error"]["miscalibrated"] = False
    found |= {"verdict": "better", "slices": [], "sensitive_groups": [], "found_slices": []}
    for entry in found["behaviour"]:
        entry["passed"] = True if entry["hard"] else None
    return found


def convergent(pipeline: Path) -> dict[str, Any]:
    tuning = material_of(pipeline).tuning
    return {name: facts | {"converged": True} for name, facts in tuning.items()}


def warned(pipeline: Path, metrics: dict[str, Any], **changes: Any) -> list[str]:
    tuning = changes.pop("tuning", convergent(pipeline))
    return cautions(material_of(pipeline, metrics=metrics, tuning=tuning, **changes))


@pytest.mark.slow
@pytest.mark.parametrize("verdict", ["invalid", "too_few_rows"])
def test_a_verdict_that_is_none_cannot_be_overlooked(
    pipeline: Path, metrics: dict[str, Any], verdict: str
) -> None:
    metrics |= {"verdict": verdict, "problems": ["every row is of class <a>"]}
    page = Page(rendered(pipeline, metrics=metrics))
    classes = [attributes.get("class") for _, attributes in page.tags]
    assert "alarm" in classes
    assert "no ground for a decision" in page.text
    assert "Nothing is concluded" in page.text
    assert "Green: ahead for sure" not in page.text
    assert page.text.strip().startswith(("Invalid", "Too few rows"))  # the page's title


@pytest.mark.slow
def test_a_verdict_needs_no_alarm(pipeline: Path, metrics: dict[str, Any]) -> None:
    page = Page(rendered(pipeline, metrics=metrics))
    assert "alarm" not in [attributes.get("class") for _, attributes in page.tags]


def test_of_a_good_model_there_is_no_warning(pipeline: Path, metrics: dict[str, Any]) -> None:
    assert warned(pipeline, metrics) == []


@pytest.mark.slow
def test_leaks_that_were_accepted_are_told_before_the_numbers(pipeline: Path) -> None:
    told = "3 rows of test <are> in train"
    leak = {"kind": "duplicates", "rows": 3, "message": told}
    text = Page(rendered(pipeline, leaks=[leak])).text
    assert text.index("audit.accept") < text.index(told) < text.index("rows for every model")
    assert "audit.accept" not in Page(rendered(pipeline, leaks=[])).text


def test_what_speaks_against_the_numbers_is_told(pipeline: Path, metrics: dict[str, Any]) -> None:
    metrics["calibration"]["error"]["miscalibrated"] = True
    metrics["behaviour"][0] |= {"check": "says the same twice", "hard": True, "passed": False}
    bad = {"measured": True, "difference": {"high": -0.1, "p_adjusted": 0.01}}
    metrics["slices"] = [{"name": "dark", **bad}, {"name": "new", "measured": False}]
    metrics["found_slices"] = [{"name": "width 3", "confirmed": True}]
    metrics["sensitive_groups"] = [{"group": "sex is x", "measured": True, "p_adjusted": 0.01}]
    text = " ".join(warned(pipeline, metrics, looks=MOST_LOOKS + 1))
    for words in ("probabilities are off", "says the same twice", "dark", "width 3", "sex is x"):
        assert words in text
    assert f"{MOST_LOOKS + 1} models" in text
    assert "new" not in text


def test_what_may_be_chance_is_no_warning(pipeline: Path, metrics: dict[str, Any]) -> None:
    fine = {"measured": True, "difference": {"high": -0.1, "p_adjusted": 0.06}}
    ahead = {"measured": True, "difference": {"high": 0.1, "p_adjusted": 0.01}}
    metrics["slices"] = [{"name": "dark", **fine}, {"name": "bright", **ahead}]
    metrics["found_slices"] = [{"name": "width 3", "confirmed": False}]
    metrics["sensitive_groups"] = [{"group": "sex is x", "measured": True, "p_adjusted": 0.06}]
    assert warned(pipeline, metrics, looks=MOST_LOOKS) == []


def test_intervals_that_hold_too_little_are_told(pipeline: Path, metrics: dict[str, Any]) -> None:
    held = {"value": 0.8, "low": 0.7, "high": 0.89}
    metrics["intervals_of_values"] = {"half_width": 2.0, "coverage": held}
    assert "80.0% (70.0 to 89.0%) of the targets, not 90%" in warned(pipeline, metrics)[0]
    held["high"] = 0.91
    assert warned(pipeline, metrics) == []


def test_a_baseline_that_was_cut_short_is_told(pipeline: Path, metrics: dict[str, Any]) -> None:
    tuning = convergent(pipeline)
    name = next(iter(tuning))
    tuning[name]["converged"] = False
    assert f"{name} stopped before convergence" in warned(pipeline, metrics, tuning=tuning)[0]


def test_confirmed_slices_are_all_shown_and_of_others_the_surest() -> None:
    found = [
        {"name": str(number), "p_value": number / 100, "confirmed": number in (30, 31)}
        for number in range(40)
    ]
    shown = found_slices(found)
    assert [entry["name"] for entry in shown["shown"]] == ["30", "31", *map(str, range(6))]
    assert (len(shown["shown"]), shown["more"], shown["confirmed"]) == (MOST_FOUND, 32, 2)


def test_the_grid_of_corruptions_is_redder_where_the_model_is_worse() -> None:
    cells = [
        {"corruption": "noise", "severity": n, "network": {"value": v}, "linear": {"value": 0.5}}
        for n, v in ((1, 0.9), (2, 0.4))
    ]
    robustness = {"reference": "linear", "cells": cells}
    of_classes = grid(robustness, regression=False)["rows"]["noise", "network"]
    assert [cell["bad"] for cell in of_classes] == [0.1, 0.6]
    of_values = grid(robustness, regression=True)["rows"]["noise", "network"]
    assert [cell["bad"] for cell in of_values] == [1.0, 0.444]


@pytest.mark.slow
def test_costs_are_shown_where_this_model_was_measured(pipeline: Path) -> None:
    text = Page(rendered(pipeline)).text
    assert "uv run benchmark does that" in " ".join(text.split())
    measured = {"latency_seconds": {"p50": {"value": 0.002, "low": 0.001, "high": 0.003}}}
    text = Page(rendered(pipeline, efficiency=measured)).text
    assert "one row, p50" in text
    assert "2 ms" in text
    assert "uv run benchmark does that" not in " ".join(text.split())
