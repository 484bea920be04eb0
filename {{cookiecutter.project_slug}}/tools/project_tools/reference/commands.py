"""The page of every command: docs/commands.md."""

from __future__ import annotations

import ast
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from project_tools.reference.fields import UndescribedError

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = """\
# Commands

`uv run COMMAND`, from any folder of the project. This page is written from the commands themselves,
by `uv run reference`.

All of them end with 0 when all went well, with 1 and one line for a mistake, and with 130 when
interrupted; other codes stand with the command. `HYDRA_FULL_ERROR=1` shows where in the code a
mistake was found.
"""
STAGES = """\
## The pipeline

`uv run dvc repro` runs these in this order, as far as something has changed. By hand,
`uv run COMMAND KEY=VALUE ...` takes every key of [configuration.md](configuration.md), and writes
to `runs/<id>/` only:

- `run=NAME` names a run, or goes on with one;
- `-m KEY=A,B` makes a run of each value;
- `--help` shows every choice and value, `--cfg job` the configuration.

[pipeline.md](pipeline.md) tells the rest.
"""
BESIDE = "## Beside the pipeline\n"
TOOLS = """\
## For the repository

These look after the repository itself, and are not part of the wheel.
"""


def page(project: Path, scripts: dict[str, str]) -> str:
    """Return the page, from dvc.yaml and the help of the commands.

    Args:
        project: its folder.
        scripts: the entry point of each command of the package.
    """
    stages: dict[str, Any] = yaml.safe_load((project / "dvc.yaml").read_text("utf-8"))["stages"]
    tools = tomllib.loads((project / "tools/pyproject.toml").read_text("utf-8"))
    source = project / "src"
    parts = [ABOUT, STAGES]
    parts += [_stage(name, stage, _module(source, scripts[name])) for name, stage in stages.items()]
    parts += [BESIDE]
    beside = [name for name in scripts if name not in stages]
    parts += [_command(name, _module(source, scripts[name])) for name in beside]
    parts += [TOOLS]
    for name, place in tools["project"]["scripts"].items():
        parts.append(_tool(name, _module(project / "tools", place)))
    return "\n".join(parts)


def _module(root: Path, entry_point: str) -> ast.Module:
    file = root.joinpath(*entry_point.partition(":")[0].split(".")).with_suffix(".py")
    if not file.is_file():
        raise UndescribedError(f"{entry_point}: a command of pyproject.toml without {file.name}.")
    return ast.parse(file.read_text("utf-8"))


def _stage(name: str, stage: dict[str, Any], module: ast.Module) -> str:
    listed = [*stage.get("outs", []), *stage.get("metrics", [])]
    written = [next(iter(one)) if isinstance(one, dict) else one for one in listed]
    keys = [one for one in stage.get("params", []) if isinstance(one, str)]
    main = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    purpose = _first_words(name, *(node for node in main if node.name == "main"))
    read = f"Reads {_codes(keys)}. " if keys else ""
    return f"### {name}\n\n{purpose}\n\n{read}Writes {_codes(written)}.\n"


def _command(name: str, module: ast.Module) -> str:
    told = [
        f"```text\n{node.value.value}```\n"
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [ast.unparse(target) for target in node.targets] == ["HELP"]
    ]
    return "\n".join([f"### {name}\n", f"{_first_words(name, module)}\n", *told])


def _tool(name: str, module: ast.Module) -> str:
    says = (ast.get_docstring(module) or "").replace("``", "`")
    options = [f"- `{option}`: {told}" for option, told in _arguments(module)]
    return "\n".join([f"### {name}\n", f"{says}\n", *options, *([""] if options else [])])


def _first_words(name: str, *nodes: ast.Module | ast.FunctionDef | ast.ClassDef) -> str:
    told = [ast.get_docstring(node) for node in nodes]
    if not told or not told[0]:
        raise UndescribedError(f"{name}: no docstring says what it does.")
    return " ".join(told[0].partition("\n\n")[0].replace("``", "`").split())


def _arguments(module: ast.Module) -> list[tuple[str, str]]:
    """The options that a tool gives to argparse, those that have a help."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".add_argument"):
            given = {one.arg: one.value for one in node.keywords if one.arg}
            told, shown = given.get("help"), given.get("metavar")
            name = ast.literal_eval(node.args[0])
            value = ast.literal_eval(shown) if shown else ""
            if told:
                option = f"{name} {value}".strip() if name.startswith("-") else value or name
                found.append((option, str(ast.literal_eval(told))))
    return found


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
