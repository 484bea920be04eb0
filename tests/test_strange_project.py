"""A real project with strange answers: its own tests that run the pipeline.

The quick ones have no answers in them, and are run by test_project.py; with `-m full` here too.
"""

import pytest

from support import NASTY

pytestmark = pytest.mark.slow

CHECKS = [
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["pyrefly", "check"],
    ["--group", "remotes", "pytest", "-m", "slow and not full"],
    pytest.param(["pytest", "-m", "not slow"], marks=pytest.mark.full),
]


@pytest.fixture(scope="module")
def project(new_project):
    """The strangest answers and the longest name."""
    name, text = "z" * 40, f"a {NASTY}"
    texts = {"project_name": text, "description": text, "author": text}
    return new_project("strange", project_slug=name, package_name=name, **texts)


@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_a_project_with_strange_answers_passes_its_own_checks(project, check):
    project.run("uv", "run", *check)


@pytest.mark.full
def test_a_project_survives_many_kills(project):
    project.run("uv", "run", "pytest", "-m", "full")
