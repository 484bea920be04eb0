import ast
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
from import_graph import stages
from project_pages import FILES, PROJECT, Command, commands

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.runtime.composition import (
    CONF,
    check_overrides,
    compose,
)

DESCRIBED = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
SCRIPTS: dict[str, str] = DESCRIBED["project"]["scripts"]
TOOLS: dict[str, str] = tomllib.loads((PROJECT / "tools/pyproject.toml").read_text("utf-8"))[
    "project"
]["scripts"]
ALL = [command for file in FILES for command in commands(file) if command.words]
CONFIGURED = {*stages(), "replace-example", "submit", "tune", "use"} - {"compose"}  # take its keys
OPTIONS = {"-m", "--help", "--cfg", "job", "--delete", "--reset"}
# What a page shows how to make, or shows as a mistake, or as the form of something.
TOLD = {"search=mine", "key=value", "KEY=VALUE", "KEY=A,B", "..."}
TOLD |= {"model.pool=mean", "model.bend=10"}  # the tutorial's own change


def of(*names: str) -> list[Command]:
    """The commands of these names, each once."""
    found: dict[tuple[str, ...], Command] = {}
    for command in ALL:
        if command.words[0] in names:
            found.setdefault(tuple(command.words), command)
    return list(found.values())


def overrides(words: list[str]) -> list[list[str]]:
    """What is to be composed: in a sweep, each value by itself.

    A name in capitals stands for one that a reader has; of a group there must be some.
    """
    kept: list[str] = []
    for word in words:
        key, _, value = word.partition("=")
        group = (CONF / key).is_dir()
        if not (word in OPTIONS | TOLD or (group and value.isupper())):
            kept.append(word)
    if "-m" not in words:
        return [kept]
    pairs = [word.partition("=") for word in kept]
    return [[f"{key}={value}"] for key, _, values in pairs for value in values.split(",")]


def help_of(place: str) -> str:
    """The text that a command prints for --help, or of a tool the module that holds it."""
    found = find_spec(place.partition(":")[0])
    assert found is not None
    text = Path(str(found.origin)).read_text("utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HELP":
            return str(ast.literal_eval(node.value))
    return text


@pytest.mark.parametrize("command", ALL, ids=str)
def test_every_command_is_one_of_the_project_or_of_what_it_installs(command: Command) -> None:
    name = command.words[0]
    groups = DESCRIBED["dependency-groups"]
    listed = [str(one) for group in command.groups for one in groups[group]]
    installed = which(name, path=str(Path(sys.executable).parent))
    known = name in SCRIPTS or name in TOOLS or name == "COMMAND"
    assert known or installed or any(one.startswith(name) for one in listed)


@pytest.mark.slow
@pytest.mark.parametrize("command", of(*CONFIGURED), ids=str)
def test_every_choice_and_value_composes(command: Command) -> None:
    for chosen in overrides(command.words[1:]):
        config.typed(compose(check_overrides(chosen)))


@pytest.mark.parametrize("command", of(*{*SCRIPTS, *TOOLS} - CONFIGURED), ids=str)
def test_every_word_of_another_command_is_in_its_help(command: Command) -> None:
    name, *words = command.words
    place = {**SCRIPTS, **TOOLS}[name]
    settings = f"{place.partition(':')[0].rpartition('.')[0]}.settings"
    if find_spec(settings):  # a configuration of its own
        import_module(settings).read([word for word in words if word not in OPTIONS | TOLD])
        return
    shown = help_of(place)
    for word in words:
        key, mark, _ = word.partition("=")
        own = mark or word.startswith("-") or (name == "gate")
        assert word in OPTIONS or not own or f"{key}{mark}" in shown, word


@pytest.mark.parametrize("command", of("dvc"), ids=str)
def test_every_stage_that_dvc_is_told_to_run_is_there(command: Command) -> None:
    words = [word for word in command.words[1:] if not word.startswith("-")]
    if words[0] == "repro":
        assert set(words[1:]) <= set(stages())


def test_a_line_is_read_as_a_shell_reads_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```bash\nuv run a b=\"c d\" 'e=[1]' && uv run --group g h  # no\nx 'uv run i' > j\n"
        "uv run k \\\n  l\n```\nHere `uv run\nm n` and `uv run` and uv run p.\n",
        "utf-8",
    )
    found = [(command.groups, command.words) for command in commands(page)]
    assert found == [
        ([], ["a", "b=c d", "e=[1]"]),
        (["g"], ["h"]),
        ([], ["i"]),
        ([], ["k", "l"]),
        ([], ["m", "n"]),
    ]
