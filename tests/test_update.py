"""Answers are recorded, and a later release of the template reaches a project that has moved on."""

import json
import sys

from support import PROJECT, commit


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
