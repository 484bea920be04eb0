"""What several test files need: the template's questions, and a project as a user would get it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).resolve().parent.parent
PROJECT = TEMPLATE / "{{cookiecutter.project_slug}}"
BUILD = TEMPLATE / "build" / "tests"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # each worker has its own files
QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
CHOICES = {
    key: value
    for key, value in QUESTIONS.items()
    if isinstance(value, list) and not key.startswith("_")
}
# Everything that means something to TOML, YAML, Markdown, HTML or a shell, and rare characters.
NASTY = """"'`${}#%&*!|>@,: [x](y) <b>&amp;</b> \\" \\\\ ''' ~ - ? =: """
NASTY += "é ß 日本 🎉 👩\u200d🔬 \u202e \ufeff\u00a0."
SOURCES = [*PROJECT.glob("src"), *PROJECT.glob("_options/*/*/src")]


def bake(folder, template=TEMPLATE, **answers):
    """Generate into the existing `folder`, on a PATH without git and uv: the hook skips those."""
    settings = BUILD / f"cookiecutter{WORKER}.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"replay_dir": str(BUILD / "replay")}))
    environment = {key: value for key, value in os.environ.items() if key not in {"PATH", "UV"}}
    with mock.patch.dict(os.environ, {**environment, "PATH": str(folder)}, clear=True):
        project = cookiecutter(
            str(template),
            no_input=True,
            extra_context=answers,
            output_dir=str(folder),
            config_file=str(settings),
        )
    return Path(project)


def ruff(folder, *arguments):
    """What ruff complains about, with the configuration that lies nearest to each file."""
    command = [sys.executable, "-m", "ruff", *arguments, "--no-cache"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return result.stdout + result.stderr if result.returncode else ""


def files_of_the_repository():
    """Every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TEMPLATE,
        capture_output=True,
        check=True,
    )
    paths = (TEMPLATE / name for name in listed.stdout.decode().split("\0"))
    return [path for path in paths if path.is_file()]


def text_files(folder):
    """Every file below `folder` that is UTF-8 text, with its content."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and ".git" not in path.parts:
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def refused_names():
    """The names listed in the hook, which is Python as it lies there."""
    tree = ast.parse((TEMPLATE / "hooks" / "pre_gen_project.py").read_text(encoding="utf-8"))
    return {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and "\n" in str(node.value)
        for name in node.value.split()
    }
