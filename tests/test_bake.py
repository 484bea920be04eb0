"""Generated projects as text: every pair of answers, nothing installed."""

import ast
import hashlib
import json
import re
import tomllib
from itertools import combinations, product

import pytest
import yaml

from support import CHOICES, PAIRS, TEMPLATE, bake, ruff, text_files

EXPECTED_TREES = TEMPLATE / "tests" / "expected_tree"
MARKS = re.compile(r"\{\{ ?cookiecutter|cookiecutter\.|\b_options|\b_laying|\{%-? ")
PARSERS = {
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yaml": lambda text: list(yaml.safe_load_all(text)),
    ".yml": lambda text: list(yaml.safe_load_all(text)),
}
# sha256 of the words without the copyright line; the texts equal those of SPDX.
LICENSES = {
    "MIT": "7c9b48b52decb9837c70f608678129e1ac79e056829c8d1e82e8cdd8aed562f8",
    "Apache-2.0": "0649bc87ac07c40d996369e9e058b11734e3eedb25ae8be9e6293f1efb340353",
    "BSD-3-Clause": "77bebd765dc6e78c3feb4e9856b5d733a736a0ce9621764f9a604daf488d6941",
}


@pytest.fixture(scope="module", params=PAIRS, ids=lambda answers: "-".join(answers.values()))
def baked(request, tmp_path_factory):
    return request.param, bake(tmp_path_factory.mktemp("baked"), **request.param)


def expected_tree(answers):
    single = [f"{question}-{answer}" for question, answer in answers.items()]
    names = ["base", *single, *map("-".join, combinations(single, 2))]
    listings = [EXPECTED_TREES / f"{name}.txt" for name in names]
    return sorted(
        line
        for path in listings
        if path.exists()
        for line in path.read_text("utf-8").split("\n")
        if line
    )


def test_the_project_has_exactly_the_expected_files(baked):
    answers, project = baked
    files = [path.relative_to(project) for path in project.rglob("*") if path.is_file()]
    tree = sorted(path.as_posix() for path in files if path.parent.name != "__pycache__")
    assert tree == expected_tree(answers)


def test_no_mark_of_the_template_is_left(baked):
    _, project = baked
    marked = [
        f"{path.relative_to(project)}: {match[0]}"
        for path, text in text_files(project)
        if path.suffix != ".html"  # the report's own template
        for match in MARKS.finditer(text)
    ]
    assert marked == []


def test_every_file_parses_in_its_own_language(baked):
    _, project = baked
    parsed = set()
    for path, text in text_files(project):
        if path.suffix in PARSERS:
            PARSERS[path.suffix](text)
            parsed.add(path.suffix)
    assert {".py", ".toml", ".yaml"} <= parsed


@pytest.mark.parametrize("check", [["check"], ["format", "--check"]], ids=" ".join)
def test_python_is_clean(baked, check):
    assert ruff(baked[1], *check, ".") == ""


def test_the_license_is_the_chosen_one(baked):
    answers, project = baked
    text = (project / "LICENSE").read_text(encoding="utf-8")
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    copyright_line = re.search(r"Copyright .*20\d\d,? Your Name", text)
    assert copyright_line
    if answers["license"] == "proprietary":
        assert "All rights reserved" in text
        assert metadata["license"] == "LicenseRef-Proprietary"
    else:
        words = " ".join(text.replace(copyright_line[0], "").split())
        assert hashlib.sha256(words.encode()).hexdigest() == LICENSES[answers["license"]]
        assert metadata["license"] == answers["license"]


def test_every_pair_of_answers_is_baked():
    for (a, answers_a), (b, answers_b) in combinations(CHOICES.items(), 2):
        for x, y in product(answers_a, answers_b):
            assert any(chosen[a] == x and chosen[b] == y for chosen in PAIRS)
