"""What several test files need: the template's questions, and a project as a user would get it."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from unittest import mock

import yaml
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
OVERLAYS = ["", "_options/*/*/", "_options/*/*/_options/*/*/"]
SOURCES = [folder for place in OVERLAYS for folder in PROJECT.glob(f"{place}src")]


@dataclass(frozen=True)
class Place:
    """A folder, and an environment in which nothing but git, make, Python and our own uv exists."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command):
        """Run a command that must succeed; return what it printed."""
        result = self.attempt(*command)
        assert result.returncode == 0, result.stdout
        return result.stdout

    def attempt(self, *command):
        """Run a command that may fail; return it with its exit code."""
        return subprocess.run(
            [shutil.which(command[0], path=self.environment["PATH"]), *command[1:]],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )

    def commit(self):
        """Commit everything, as a person who has told git their name."""
        self.run("git", "add", "--all")
        who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
        self.run("git", *who, "commit", "--quiet", "--no-verify", "--message", "all")


def bake(folder, template=TEMPLATE, **answers):
    """Generate into the existing `folder`, on a PATH without git and uv: the hook skips those."""
    settings = BUILD / f"cookiecutter{WORKER}.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"replay_dir": str(BUILD / "replay")}), "utf-8", newline="\n")
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


def commit(run, folder):
    """Commit everything in a repository, with the fixture `run`."""
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", "A step")


def ruff(folder, *arguments):
    """What ruff complains about, with the configuration that lies nearest to each file."""
    command = [sys.executable, "-m", "ruff", *arguments, "--no-cache"]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
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


def pairwise(choices):
    """Sets of answers in which every pair of answers to two questions occurs (greedy)."""
    wanted = {
        frozenset([(a, x), (b, y)])
        for a, b in combinations(choices, 2)
        for x, y in product(choices[a], choices[b])
    }
    candidates = [dict(zip(choices, row, strict=True)) for row in product(*choices.values())]
    while wanted:
        best = max(candidates, key=lambda answers: sum(pair <= answers.items() for pair in wanted))
        wanted = {pair for pair in wanted if not pair <= best.items()}
        yield best


PAIRS = list(pairwise(CHOICES))


def assert_project_is_valid(project, answers):
    """The static half of a project's own checks, and every answer where it belongs, unchanged."""
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (author,) = metadata["authors"]
    written = {
        "project_slug": metadata["name"],
        "description": metadata["description"],
        "author": author["name"],
        "email": author["email"],
    }
    for key, answer in answers.items():
        if key in written and "{" not in answer:  # cookiecutter renders answers, as Jinja
            assert written[key] == answer
    assert author["name"] in (project / "LICENSE").read_text(encoding="utf-8")
    assert not (project / "_options").exists()
    for path, text in text_files(project):
        if path.suffix == ".py":
            ast.parse(text)
        elif path.suffix in {".yaml", ".yml"}:
            list(yaml.safe_load_all(text))
    assert ruff(project, "check", ".") == ""
    assert ruff(project, "format", "--check", ".") == ""
