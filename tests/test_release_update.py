"""A project of release 0.1.0 that a team has lived in gets all that came later.

Own data, a changed network and an added dependency stay; a conflict is only where both sides
changed the same lines; the checks and the pipeline pass afterwards.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import BUILD, TEMPLATE, Place, files_of_the_repository

pytestmark = pytest.mark.slow

CRUFT = [sys.executable, "-m", "cruft"]
RELEASE = "0.1.0"
ANSWERS = {"kit": "tabular", "scope": "service", "project_name": "Old Project"}
OWN = ["data.source=file", "data.path=my.csv", "data.target=class"]
NETWORK = "src/old_project/conf/model/mlp.yaml"
USES_THE_DEPENDENCY = '''\
"""Rows in pieces."""

from collections.abc import Iterator

from more_itertools import chunked


def pieces(rows: list[int]) -> Iterator[list[int]]:
    """Return ``rows`` in pieces of ten."""
    return chunked(rows, 10)
'''
MARKS = re.compile(r"^<{7} .*?\n(.*?)^={7}\n(.*?)^>{7} .*?\n", re.MULTILINE | re.DOTALL)


def git(folder, *arguments):
    who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
    command = ["git", "-C", folder, *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.fixture(scope="module")
def releases():
    """The template as a repository of two commits: the release, and what lies here."""
    if not (TEMPLATE / ".git").exists():
        pytest.skip("this is no checkout, and has no history")
    if git(TEMPLATE, "rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("this checkout has no whole history")
    found = git(TEMPLATE, "log", "--format=%H", f"--grep=^chore(release): {RELEASE}$").split()
    folder = BUILD / "releases"
    shutil.rmtree(folder, ignore_errors=True)
    git(TEMPLATE, "worktree", "prune")
    git(TEMPLATE, "worktree", "add", "--force", "--detach", folder, found[-1])
    (folder / ".git").unlink()  # from here on a repository of its own
    git(TEMPLATE, "worktree", "prune")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", RELEASE)
    git(folder, "tag", f"v{RELEASE}")
    for old in [path for path in folder.iterdir() if path.name != ".git"]:
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for source in files_of_the_repository():
        target = folder / source.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "what lies here")
    return folder


@pytest.fixture(scope="module")
def project(releases, checkout):
    """A project of the release, as a team has changed and committed it."""
    folder = BUILD / "old"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    programs = [str(Path(shutil.which("uv")).parent), checkout.environment["PATH"]]
    environment = {**checkout.environment, "PATH": os.pathsep.join(programs)}
    create = [*CRUFT, "create", str(releases), "--checkout", f"v{RELEASE}", "--no-input"]
    Place(folder, environment).run(*create, "--extra-context", json.dumps(ANSWERS))
    place = Place(folder / "old-project", environment)
    place.run("uv", "add", "--quiet", "more-itertools>=10")
    start = "import sys; sys.path.insert(0, 'tests'); import small_data; from pathlib import Path; "
    table = "small_data.write_csv(Path('my.csv'), small_data.table(400))"
    place.run("uv", "run", "python", "-c", start + table)
    place.run("uv", "run", "ingest", *OWN)
    (place.folder / "src/old_project/pieces.py").write_text(USES_THE_DEPENDENCY, "utf-8")
    network = place.folder / NETWORK
    network.write_text(
        network.read_text("utf-8").replace("width: 128", "width: 96"), "utf-8", newline="\n"
    )
    place.run("uv", "run", "use", *OWN, "model=mlp", "trainer.max_epochs=3", "baselines.trials=2")
    place.commit()
    return place


@pytest.fixture(scope="module")
def updated(project):
    """The same project after the update, and what was in conflict: file -> pairs of texts."""
    project.run(*CRUFT, "update", "-y")
    torn = {}
    for name in git(project.folder, "diff", "--name-only", "--diff-filter=U").split():
        text = (project.folder / name).read_text("utf-8")
        torn[name] = MARKS.findall(text)
        (project.folder / name).write_text(
            MARKS.sub(r"\1", text), "utf-8", newline="\n"
        )  # as the team had it
    project.commit()
    return project, torn


def test_only_what_both_have_changed_is_in_conflict(updated):
    project, torn = updated
    assert set(torn) == {"src/old_project/conf/current.yaml"}
    ((ours, theirs),) = torn["src/old_project/conf/current.yaml"]
    assert "- data.path=my.csv" in ours
    assert theirs == "- data=example\n"
    assert list(project.folder.rglob("*.rej")) == []


def test_what_the_team_has_changed_is_kept(updated):
    project, _ = updated
    assert "width: 96" in (project.folder / NETWORK).read_text("utf-8")
    assert '"more-itertools>=10"' in (project.folder / "pyproject.toml").read_text("utf-8")
    assert (project.folder / "contracts/my.yaml").exists()


def test_what_came_later_is_there(updated):
    project, _ = updated
    assert (project.folder / "AGENTS.md").exists()
    assert "fail_under" in (project.folder / "pyproject.toml").read_text("utf-8")


@pytest.mark.full
def test_the_checks_and_the_pipeline_pass(updated):
    project, _ = updated
    project.run("uv", "lock")
    project.commit()
    project.run("uv", "run", "replace-example", "--delete")  # as the migration note says
    project.run("uv", "run", "dvc", "repro")
    project.run("uv", "run", "reference")  # pages with the team's own values
    project.commit()
    project.run("uv", "run", "pre-commit", "run", "--all-files")
    project.run("uv", "run", "pytest", "-m", "not slow")
