"""Experiments: a plan (NAME.yaml) with every field, and a result (NAME.json) that reports it.

Whether the plan was committed before its result is a question to git: `uv run claims` asks it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from project_tools.claims import experiments
from project_tools.documents.package import of_package
from project_tools.documents.page import Problems, is_answer

FOLDER = experiments.FOLDER
METRICS = ("accuracy", "mae")
UNCERTAINTY = ("verdict", "margin", "level", "ahead")  # what a reader needs beside the number
FEWEST_WORDS = 6  # fewer hold no expectation with its reason
EXAMPLE = "what you expect and why"  # the words that a new plan asks with


def check(path: Path) -> list[str]:
    """Return what is wrong with a plan (.yaml), or with a result (.json)."""
    problems = Problems(path)
    if path.suffix == ".json":
        return _result(path, problems)
    text = path.read_text(encoding="utf-8")
    contrast, pairwise = of_package("contrast.plan"), of_package("experiments.plan")
    try:
        several = contrast.is_contrast(path)
        plan = contrast.read_contrast(path) if several else pairwise.read_plan(path)
    except of_package("runtime.errors").UserError as error:
        told = str(error).removeprefix(f"{path.name}: ")
        problems.add(_line_of(text, re.split("[=:]", told)[0]), told)
        return problems.lines()
    except yaml.YAMLError as error:
        problems.add(1, f"cannot be read as YAML, expected keys and values: {_one_line(error)}")
        return problems.lines()
    _hypothesis(plan.hypothesis, _line_of(text, "hypothesis"), problems)
    if plan.metric not in METRICS:
        told = f"metric is {plan.metric}, expected the primary one: {' or '.join(METRICS)}"
        problems.add(_line_of(text, "metric"), told)
    if not several and plan.a == plan.b:
        problems.add(_line_of(text, "b"), "b is the same as a, expected a difference to test")
    return problems.lines()


def _result(path: Path, problems: Problems) -> list[str]:
    told = experiments.without_git(path)
    if not told:
        result = json.loads(path.read_text(encoding="utf-8"))
        missing = [key for key in UNCERTAINTY if key not in result]
        told = [f"{key} is missing, expected what `uv run compare` writes" for key in missing]
    for one in told:
        problems.add(1, one)
    return problems.lines()


def _hypothesis(text: str, line: int, problems: Problems) -> None:
    expected = "expected what you expect, and why, before anything is trained"
    if not is_answer(text) or EXAMPLE in text:
        problems.add(line, f"the hypothesis is a placeholder, {expected}")
    elif len(text.split()) < FEWEST_WORDS:
        problems.add(line, f"the hypothesis has {len(text.split())} words, {expected}")


def _line_of(text: str, key: str) -> int:
    """The line of a key, and the first for one that is missing."""
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
