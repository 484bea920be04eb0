"""The pages of generated projects: those that are written from the code, and the site of all."""

import sys
from itertools import product
from pathlib import Path

import pytest

from support import CHOICES, TEMPLATE, bake

sys.path.insert(0, str(TEMPLATE / "scripts"))

from reference import ask  # noqa: E402

KINDS = list(product(CHOICES["kit"], CHOICES["scope"]))


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def project(request, tmp_path_factory):
    kit, scope = request.param
    return bake(tmp_path_factory.mktemp("baked"), kit=kit, scope=scope)


def test_pages_of_reference_say_what_the_code_says(project):
    done = ask(project, "--check")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}Here: python scripts/reference.py"


def test_they_are_the_same_for_a_package_of_another_name(tmp_path: Path):
    name = "a_package_whose_name_has_forty_letters_x"
    project = bake(tmp_path, project_slug=name.replace("_", "-"), scope="service")
    done = ask(project, "--check")
    assert done.returncode == 0, done.stdout
    assert name not in (project / "docs/configuration.md").read_text("utf-8")
