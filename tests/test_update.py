"""Answers are recorded, and a later release of the template reaches a project that has moved on."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from support import PROJECT, TEMPLATE

AUTHOR = {
    f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture
def run(tmp_path):
    """Run a command on a PATH with git and without uv; git knows who the user is."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git"))
    kept = {key: value for key, value in os.environ.items() if key != "UV"}
    places = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}

    def run(folder, *command):
        result = subprocess.run(
            command,
            cwd=folder,
            env={**kept, **AUTHOR, **places},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    return run


@pytest.fixture
def template(tmp_path, run):
    """A repository with the template in it."""
    folder = tmp_path / "template"
    for name in ("hooks", PROJECT.name):
        shutil.copytree(
            TEMPLATE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(TEMPLATE / "cookiecutter.json", folder)
    run(folder, "git", "init", "--quiet", "--initial-branch=main")
    commit(run, folder)
    return folder


def commit(run, folder):
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", "A step")


def append(path, text):
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_an_update_brings_what_the_template_changed_and_keeps_what_the_user_changed(
    tmp_path, run, template
):
    cruft = [sys.executable, "-m", "cruft"]
    answers = json.dumps({"project_name": 'Größe "x" 🎉'})
    run(tmp_path, *cruft, "create", str(template), "--no-input", "--extra-context", answers)
    project = tmp_path / "grosse-x"
    append(project / "pyproject.toml", "# the user's line\n")
    commit(run, project)
    append(template / PROJECT.name / "README.md", "The template's line.\n")
    commit(run, template)

    run(project, *cruft, "update", "--skip-apply-ask")

    recorded = json.loads((project / ".cruft.json").read_text(encoding="utf-8"))
    assert recorded["context"]["cookiecutter"]["project_name"] == 'Größe "x" 🎉'
    assert (project / "README.md").read_text(encoding="utf-8").endswith("The template's line.\n")
    assert (project / "pyproject.toml").read_text().endswith("# the user's line\n")
    changed = run(project, "git", "diff", "--name-only", "HEAD").split()
    assert changed == [".cruft.json", "README.md"]
