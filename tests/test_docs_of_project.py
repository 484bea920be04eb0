"""The pages of generated projects: those that are written from the code, and the site of all."""

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from support import CHOICES, TEMPLATE, bake

sys.path.insert(0, str(TEMPLATE / "scripts"))

from reference import ask

# What a browser fetches by itself: not where a link leads, nor the names that XML has for things.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video)[^>]*\ssrc=["']?(?:https?:)?//[^"'\s>]+"""
    r"""|<link[^>]*\shref=["']?(?:https?:)?//[^"'\s>]+"""
    r"""|@import[^;]*//[^;]+|url\(["']?(?:https?:)?//[^)]+"""
)
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


@pytest.fixture(scope="module")
def site(project):
    """The site of a project, to whose start page a link to a file outside of docs/ was added."""
    page = project / "docs/index.md"
    page.write_text(page.read_text("utf-8") + "\n[stages](../dvc.yaml)\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "tools"), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "site"


def test_every_page_is_built_and_stands_in_the_navigation_of_the_start_page(project, site):
    start = (site / "index.html").read_text("utf-8")
    pages = {path.stem for path in (project / "docs").glob("*.md")}
    assert {"index", "commands", "configuration"} < pages
    assert {path.stem for path in site.glob("*.html")} == {*pages, "404"}
    assert [page for page in pages if f'{page}.html"' not in start and page != "index"] == []


def test_the_site_fetches_nothing_from_other_hosts(site):
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert len(files) > 20
    fetched = [
        f"{path.name}: {found}"
        for path in files
        for found in FETCHED.findall(path.read_text("utf-8"))
    ]
    assert fetched == []


def test_a_link_to_a_file_that_is_no_page_leads_to_the_repository(site):
    start = (site / "index.html").read_text("utf-8")
    assert 'href="https://github.com/your-org/my-ml-project/blob/HEAD/dvc.yaml"' in start


EDITS = """
from page_steps import PROJECT, edit, is_possible, steps
pages = [PROJECT / "docs/tutorial.md", PROJECT / "docs/tutorial_decision.md"]
edits = [step for page in pages for step in steps(page) if step.file]
for step in edits:
    if not step.file.startswith("docs/experiments/"):  # the hour itself makes the plan
        assert is_possible(PROJECT, step), step.file
        edit(PROJECT, step)
        print(step.file)
"""


@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_the_edits_of_the_tutorial_fit_a_fresh_project(kit, tmp_path):
    project = bake(tmp_path, kit=kit)
    path = os.pathsep.join([str(project / "tests"), str(project / "tools")])
    done = subprocess.run(
        [sys.executable, "-c", EDITS],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) >= 5
    lint = [sys.executable, "-m", "ruff"]
    for words in (["check", "src", "tests"], ["format", "--check", "src", "tests"]):
        done = subprocess.run([*lint, *words], cwd=project, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout
