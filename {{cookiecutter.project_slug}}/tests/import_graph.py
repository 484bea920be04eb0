"""Who imports whom, and what dvc.yaml says about it: read from the files, nothing is imported."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf

PROJECT = Path(__file__).parents[1]
PACKAGE = "{{ cookiecutter.package_name }}"
SOURCE = PROJECT / "src" / PACKAGE

# A module is named by its place in the package: "train", "runtime.files"; the package itself is "".


def modules() -> list[str]:
    """Every module of the package."""
    files = [file.relative_to(SOURCE).with_suffix("") for file in SOURCE.rglob("*.py")]
    parts = [file.parts[:-1] if file.name == "__init__" else file.parts for file in files]
    return sorted(".".join(names) for names in parts)


def verbs() -> set[str]:
    """The modules behind the project's commands; the other ones are nouns."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    modules = [command.partition(":")[0] for command in project["scripts"].values()]
    return {name.removeprefix(f"{PACKAGE}.") for name in modules if name.startswith(PACKAGE)}


def file_of(module: str) -> Path | None:
    """The source file of a module, if there is such a module."""
    place = SOURCE.joinpath(*module.split("."))
    return next((f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()), None)


@cache
def tree_of(module: str) -> ast.Module:
    """The module, parsed."""
    file = SOURCE / "__init__.py" if not module else file_of(module)
    assert file is not None
    return ast.parse(file.read_text("utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of the package that this one imports itself, in functions too."""
    is_package = not module or file_of(module) == SOURCE.joinpath(*module.split("."), "__init__.py")
    package = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    for node in _at_run_time(tree_of(module)):
        if isinstance(node, ast.ImportFrom):
            start = _start(node, package)
            if start is not None:
                names = [f"{start}.{alias.name}".strip(".") for alias in node.names]
                found |= {start, *(name for name in names if file_of(name))}
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            found |= {n.partition(".")[2] for n in names if n.split(".")[0] == PACKAGE}
    # Importing a.b runs the package a first.
    parents = {name.rsplit(".", depth)[0] for name in found for depth in range(name.count(".") + 1)}
    return frozenset(found | parents) - {module, ""}


def closure(module: str) -> set[str]:
    """The module, what it imports, what that imports, and so on."""
    seen, waiting = {""}, [module]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += imports(current)
    return seen


def sources(module: str) -> set[str]:
    """The files of ``closure`` that hold code, relative to the package."""
    files = [file_of(name) for name in closure(module) - {""}]
    return {file.relative_to(SOURCE).as_posix() for file in files if file and holds_code(file)}


def holds_code(file: Path) -> bool:
    """Whether there is more in a source file than its docstring."""
    body = ast.parse(file.read_text("utf-8")).body if file.suffix == ".py" else [None]
    return len(body) > 1 or not (body and isinstance(body[0], ast.Expr))


def _start(node: ast.ImportFrom, package: str) -> str | None:
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        return ".".join([*above, node.module or ""]).strip(".")
    name = node.module or ""
    return name.partition(".")[2] if name.split(".")[0] == PACKAGE else None


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from _at_run_time(other)
        else:
            yield from _at_run_time(child)


@dataclass(frozen=True)
class Stage:
    """One stage of dvc.yaml. Paths below the package are relative to it."""

    module: str
    dependencies: set[str]  # as dvc.yaml names them: a folder stands for every file in it
    inputs: set[str]
    outputs: set[str]
    in_git: set[str]  # the outputs that DVC does not keep
    params: set[str]

    @property
    def sources(self) -> set[str]:
        """Every file of the package that the stage depends on."""
        return set().union(*map(files_of, self.dependencies))


def stages() -> dict[str, Stage]:
    """The stages of dvc.yaml."""
    pipeline = cast(Any, OmegaConf.to_container(OmegaConf.load(PROJECT / "dvc.yaml")))
    assert {"package": f"src/{PACKAGE}"} in pipeline["vars"]
    return {name: _stage(entry) for name, entry in pipeline["stages"].items()}


def files_of(name: str) -> set[str]:
    """The files that a dependency stands for, relative to the package."""
    place = SOURCE / name
    files = [file for file in (place, *place.rglob("*")) if file.is_file()]
    files = [file for file in files if file.suffix != ".pyc" and holds_code(file)]
    return {file.relative_to(SOURCE).as_posix() for file in files}


def _stage(entry: dict[str, Any]) -> Stage:
    start = "${package}/"
    deps = entry["deps"]
    outs = [*entry.get("outs", []), *entry.get("metrics", [])]
    written = {
        k: v for out in outs for k, v in (out if isinstance(out, dict) else {out: {}}).items()
    }
    return Stage(
        module=entry["cmd"].split()[2].removeprefix(f"{PACKAGE}."),
        dependencies={name.removeprefix(start) for name in deps if name.startswith(start)},
        inputs={name for name in deps if not name.startswith(start)},
        outputs=set(written),
        in_git={name for name, options in written.items() if options.get("cache") is False},
        params=set(entry.get("params", [])),
    )
