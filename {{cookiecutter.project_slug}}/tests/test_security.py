"""What makes an attack possible is not there: read from the files, nothing is run."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from import_graph import SOURCE
from packaging.version import Version

PROJECT = Path(__file__).parents[1]
FILES = sorted([*SOURCE.rglob("*.py"), *(PROJECT / "tools").rglob("*.py")])
# They run what a file holds when they read it; so do eval and exec.
UNSAFE_MODULES = {"pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
UNSAFE_CALLS = {"eval", "exec", "os.system", "hydra.utils.call", "hydra.utils.instantiate"}
UNSAFE_CALLS |= {"pandas.read_pickle", "yaml.load", "yaml.unsafe_load"}
UNSAFE_CALLS |= {"torch.export.load", "torch.hub.load", "torch.jit.load"}
WHERE_IT_IS_CHECKED = "torch.export.load(file)"  # programs.py
# Versions with known attacks lie below these.
FLOORS = {
    "hydra-core": "1.3.7",
    "jinja2": "3.1.6",
    "lightning": "2.6.4",
    "mlflow": "3.17.2",
    "pytorch-lightning": "2.6.4",
}


def names_of(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, under whatever name it was imported."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return names


def found(text: str) -> Iterator[str]:
    """Whatever is unsafe in a source file."""
    tree = ast.parse(text)
    names = names_of(tree)
    yield from (one for one in names.values() if one.partition(".")[0] in UNSAFE_MODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, dot, rest = ast.unparse(node.func).partition(".")
            called = f"{names.get(first, first)}{dot}{rest}"
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            unsafe = called in UNSAFE_CALLS or called.endswith(".load_from_checkpoint")
            unsafe |= given.get("allow_pickle", "False") != "False"
            unsafe |= given.get("shell", "False") != "False"
            reads = called == "torch.load" or "ckpt_path" in given  # given to Lightning's Trainer
            unsafe |= reads and given.get("weights_only") != "True"
            if unsafe:
                yield ast.unparse(node)


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        "from torch import load\nload(file)",
        "import yaml as y\ny.load(text)",
        "from os import system as run\nrun(line)",
        "Learner.load_from_checkpoint(file)",
        "torch.export.load(file)",
        "torch.load(file)",
        "torch.load(file, weights_only=False)",
        "np.load(file, allow_pickle=True)",
        "yaml.load(text)",
        "subprocess.run(line, shell=True)",
        "trainer.fit(learner, ckpt_path=file)",
    ],
)
def test_what_is_unsafe_is_found(line: str) -> None:
    assert len(list(found(line))) == 1


def test_nothing_loads_code_from_files() -> None:
    assert len(FILES) > 50
    unsafe = {str(file): list(found(file.read_text("utf-8"))) for file in FILES}
    programs = str(SOURCE / "programs.py")
    assert unsafe.pop(programs) == [WHERE_IT_IS_CHECKED]
    assert {file: lines for file, lines in unsafe.items() if lines} == {}


def test_versions_with_known_attacks_cannot_be_installed() -> None:
    lock = tomllib.loads((PROJECT / "uv.lock").read_text("utf-8"))
    versions = {one["name"]: one["version"] for one in lock["package"] if "version" in one}
    for name, floor in FLOORS.items():
        if name in versions:
            assert Version(versions[name]) >= Version(floor), name


@pytest.mark.parametrize("name", ["/.env", "/.venv/", "/mlflow.db*"])
def test_git_ignores_what_holds_secrets_or_private_values(name: str) -> None:
    assert name in (PROJECT / ".gitignore").read_text("utf-8").splitlines()
