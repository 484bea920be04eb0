"""A real project with strange answers: its own tests that run the pipeline.

The quick ones have no answers in them, and are run by test_project.py; with `-m full` here too.
"""

import pytest

from support import NASTY

pytestmark = pytest.mark.slow

CHECKS = [
    ["pytest", "-m", "slow and not full"],
    *[
        pytest.param(check, marks=pytest.mark.full)
        for check in (
            ["ruff", "check"],
            ["ruff", "format", "--check"],
            ["pyrefly", "check"],
            ["pytest", "-m", "not slow"],
        )
    ],
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
    project.run("uv", "run", "--group", "remotes", "pytest", "-m", "full")
