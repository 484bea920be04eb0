"""Answers are recorded, and a later release of the template reaches a project that has moved on."""

import json
import sys

import pytest

from support import PROJECT, commit

CRUFT = [sys.executable, "-m", "cruft"]


def append(path, text):
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_an_update_brings_what_the_template_changed_and_keeps_what_the_user_changed(
    tmp_path, run, template
):
    answers = json.dumps({"project_name": 'Größe "x" 🎉'})
    run(tmp_path, *CRUFT, "create", str(template), "--no-input", "--extra-context", answers)
    project = tmp_path / "grosse-x"
    append(project / "pyproject.toml", "# the user's line\n")
    commit(run, project)
    append(template / PROJECT.name / "README.md", "The template's line.\n")
    commit(run, template)

    run(project, *CRUFT, "update", "--skip-apply-ask")

    recorded = json.loads((project / ".cruft.json").read_text(encoding="utf-8"))
    assert recorded["context"]["cookiecutter"]["project_name"] == 'Größe "x" 🎉'
    assert "The template's line.\n" in (project / "README.md").read_text("utf-8")
    assert (project / "pyproject.toml").read_text("utf-8").endswith("# the user's line\n")
    changed = run(project, "git", "diff", "--name-only", "HEAD").split()
    assert changed == [".cruft.json", "README.md"]


@pytest.fixture
def torn(tmp_path, run):
    """A project whose only line was changed, by its user and by a later release of its template."""
    template, project = tmp_path / "template", tmp_path / "toy"
    page = template / "{{cookiecutter.project_slug}}" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text("first\n", "utf-8", newline="\n")
    (template / "cookiecutter.json").write_text('{"project_slug": "toy"}', "utf-8", newline="\n")
    run(template, "git", "init", "--quiet")
    commit(run, template)
    run(tmp_path, *CRUFT, "create", str(template), "--no-input")
    page.write_text("the template's\n", "utf-8", newline="\n")
    commit(run, template)
    return project


def edited(project):
    (project / "page.md").write_text("the user's\n", "utf-8", newline="\n")


def test_what_both_have_changed_gets_conflict_marks(torn, run):
    run(torn, "git", "init", "--quiet")
    commit(run, torn)
    edited(torn)
    commit(run, torn)
    assert "Good work!" in run(torn, *CRUFT, "update", "-y")
    marks = "<<<<<<< ours\nthe user's\n=======\nthe template's\n>>>>>>> theirs\n"
    assert (torn / "page.md").read_text("utf-8") == marks
    assert "UU page.md" in run(torn, "git", "status", "--porcelain")


def test_where_git_does_not_know_the_file_of_the_template_the_rest_is_left_beside_it(torn, run):
    edited(torn)
    run(torn, "git", "init", "--quiet")
    commit(run, torn)
    assert "Good work!" in run(torn, *CRUFT, "update", "-y")
    assert (torn / "page.md").read_text("utf-8") == "the user's\n"
    assert "+the template's\n" in (torn / "page.md.rej").read_text("utf-8")
