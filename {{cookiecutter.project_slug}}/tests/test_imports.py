"""Importing does nothing, and costs little before something heavy is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from calling import STAGES

PACKAGE = "{{ cookiecutter.package_name }}"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE
HEAVY = {"torch", "lightning", "mlflow", "sklearn", "scipy", "polars", "pandas", "matplotlib"}
HEAVY |= {"pandera", "hydra"}


def python(code: str, folder: Path) -> str:
    """Run ``code`` in a fresh interpreter and return what it printed."""
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=True
    ).stdout


def test_verbs_and_the_package_load_nothing_heavy(tmp_path: Path) -> None:
    modules = [PACKAGE, f"{PACKAGE}.config", f"{PACKAGE}.choices.use", f"{PACKAGE}.cluster.submit"]
    modules += [f"{PACKAGE}.{verb}" for verb in (*STAGES, "shipping.sync")]
    code = f"import sys, {', '.join(modules)}; print(*{HEAVY} & set(sys.modules))"
    assert python(code, tmp_path).split() == []


@pytest.mark.parametrize("arguments", [["--help"], ["--cfg", "job"]], ids=" ".join)
def test_train_answers_questions_without_torch(arguments: list[str], tmp_path: Path) -> None:
    code = f"""
import sys
from {PACKAGE}.train import main
sys.argv = ["train", *{arguments}]
main()
print("loaded:", *{HEAVY} & set(sys.modules))
"""
    answer, _, loaded = python(code, tmp_path).rpartition("loaded:")
    assert "max_epochs:" in answer
    assert set(loaded.split()) <= {"hydra"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_importing_every_module_has_no_effect(tmp_path: Path) -> None:
    modules = [file for file in SOURCE.rglob("*.py") if file.name != "__init__.py"]
    names = [".".join(file.relative_to(SOURCE.parent).with_suffix("").parts) for file in modules]
    code = f"""
import importlib, json, logging, os, warnings
import lightning.pytorch, matplotlib, mlflow, optuna, pandera  # not ours
import sklearn, torch, torchmetrics
def state():
    loggers = map(logging.getLogger, [None, *sorted(logging.root.manager.loggerDict)])
    told = [(one.name, one.level, len(one.handlers)) for one in loggers]
    numbers = [torch.get_num_threads(), torch.initial_seed(), len(warnings.filters)]
    return dict(os.environ), os.getcwd(), numbers, [one for one in told if one[1] or one[2]]
before = state()
for name in {names}:
    importlib.import_module(name)
print(json.dumps([before, state()]))
"""
    before = sources()
    earlier, later = json.loads(python(code, tmp_path).splitlines()[-1])
    assert later == earlier
    assert sources() == before
    assert list(tmp_path.iterdir()) == []


def sources() -> dict[Path, int]:
    """When each file of the package was last written, but for Python's own cache."""
    files = [file for file in SOURCE.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    return {file: file.stat().st_mtime_ns for file in files}
