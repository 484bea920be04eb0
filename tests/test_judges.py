"""Judges from outside: none finds anything, in the template or in a fresh project.

What a judge is wrong about stands in a pyproject.toml, or in tests/vulture.toml, with the reason
beside it. deptry judges in
tests/test_project.py, for it needs a project's environment.
"""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from support import CHOICES, TEMPLATE, bake

FRESH = list(product(CHOICES["kit"], CHOICES["scope"]))
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module", params=FRESH, ids="-".join)
def fresh(request, tmp_path_factory):
    kit, scope = request.param
    return bake(tmp_path_factory.mktemp("judged"), kit=kit, scope=scope)


def complaints(folder, judge, *arguments):
    """What a judge says about a folder; nothing if it is content."""
    command = [BIN / judge, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def failed_checks(folder):
    command = [BIN / "repo-review", "--format", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    checks = json.loads(done.stdout)["checks"]
    assert len(checks) >= 60  # sp-repo-review is there
    return {
        name: check["description"] for name, check in checks.items() if check["result"] is False
    }


def test_the_template_follows_the_guide_of_scientific_python():
    assert failed_checks(TEMPLATE) == {}


def test_a_fresh_project_follows_the_guide_of_scientific_python(fresh):
    assert failed_checks(fresh) == {}


@pytest.mark.parametrize("judge", ["vulture", "codespell"])
def test_the_template_has_no_dead_code_and_no_misspelling(judge):
    assert complaints(TEMPLATE, judge) == ""


def test_a_fresh_project_has_no_dead_code(fresh):
    assert complaints(fresh, "vulture", "--config", TEMPLATE / "tests" / "vulture.toml") == ""


def test_a_fresh_project_misspells_nothing(fresh):
    assert complaints(fresh, "codespell") == ""


def test_every_pyproject_is_valid(fresh):
    files = [TEMPLATE / "pyproject.toml", "pyproject.toml", "tools/pyproject.toml"]
    assert complaints(fresh, "validate-pyproject", *files) == ""


def test_what_runs_without_a_person_is_safe(fresh):
    assert complaints(fresh, "zizmor", "--offline", "--quiet", ".") == ""


def test_compose_files_are_valid(fresh):
    if (fresh / "compose.yaml").exists():
        schema = ["--builtin-schema", "vendor.compose-spec"]
        assert complaints(fresh, "check-jsonschema", *schema, "compose.yaml") == ""


def test_a_wheel_holds_the_package_and_nothing_else(fresh, tmp_path):
    build = ["uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path]
    for folder in (fresh, fresh / "tools"):
        subprocess.run(build, cwd=folder, check=True)
    (package,) = (fresh / "src").iterdir()
    wheel, tools = sorted(tmp_path.glob("*.whl"), key=lambda file: "tools" in file.name)
    assert complaints(fresh, "check-wheel-contents", "--package", package, wheel) == ""
    assert complaints(fresh, "check-wheel-contents", tools) == ""
