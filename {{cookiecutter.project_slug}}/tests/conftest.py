import gc
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from unittest.mock import patch

import pytest
import small_data
from calling import QUICK, STAGES, Invoke, Link, RunOnce
from configured import configured
from filelock import FileLock
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.schema import Manifest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one thread is fastest for what is this small
PACKAGE = "{{ cookiecutter.package_name }}"


def pytest_collection() -> None:
    gc.disable()  # what is imported stays: to look through it again and again takes seconds


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Give back the environment as it was, and keep the tester's own servers out of it."""
    with patch.dict(os.environ):
        _forget_settings()
        yield


@pytest.fixture(scope="session")
def folder_of_current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("current")
    (folder / "current.yaml").touch()
    return folder


@pytest.fixture(autouse=True)
def current(folder_of_current: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's current choices that are not this project's."""
    file = folder_of_current / "current.yaml"
    if file.read_text("utf-8") != "[]\n":  # to write costs more than most tests
        file.write_text("[]\n", "utf-8")
    monkeypatch.setattr(composition, "CURRENT", file)
    return file


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, and the folder that commands start from."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "dvc.yaml").touch()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of conf/ that commands read, for a test to write mistakes into."""
    folder = shutil.copytree(composition.CONF, tmp_path / "conf")
    monkeypatch.setattr(composition, "CONF", folder)
    return folder


@pytest.fixture
def stage_params(project: Path) -> Path:
    """The params.yaml that ``compose`` makes of conf/."""
    (project / "docs").mkdir()
    file = project / "params.yaml"
    file.write_text(OmegaConf.to_yaml(composition.compose([]), resolve=True), "utf-8")
    return file


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Call a command as its console script does: ``invoke(main, "key=value")``."""

    def call(main: Callable[[], None], *arguments: str, debug: str = "0") -> None:
        monkeypatch.setenv("HYDRA_FULL_ERROR", debug)
        monkeypatch.setattr(sys, "argv", [main.__module__.rpartition(".")[2], *arguments])
        main()

    return call


@pytest.fixture
def link() -> Link:
    """Make a symbolic link, which Windows lets only some people do."""

    def make(place: Path, target: Path) -> None:
        try:
            place.symlink_to(target)
        except OSError as error:
            pytest.skip(f"no symbolic links here: {error}")

    return make


@pytest.fixture
def default_config() -> Config:
    """The configuration of conf/, typed."""
    return deepcopy(configured())


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data/prepared: three classes, a few dozen rows."""
    folder = tmp_path_factory.mktemp("data")
    small_data.prepare_small(small_data.write_raw(folder / "raw"), folder / "prepared")
    return folder / "prepared"


@pytest.fixture(scope="session")
def manifest(prepared: Path) -> Manifest:
    return Manifest.load(prepared)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has its tables: MLflow takes a second to make them."""
    from mlflow import MlflowClient

    file = tmp_path_factory.mktemp("database") / "mlflow.db"
    MlflowClient(f"sqlite:///{file.as_posix()}").search_experiments()
    return file


@pytest.fixture(scope="session")
def run_once(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> RunOnce:
    """Run the stages if no other process of this test run has; return where that was."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if hasattr(pytestconfig, "workerinput") else base  # of pytest-xdist

    def call(name: str, *overrides: str) -> Path:
        place = common / f"{name}.txt"
        with FileLock(f"{place}.lock"):
            if not place.exists():
                folder = _run_stages(tmp_path_factory.mktemp(name) / "project", *overrides)
                place.write_text(str(folder), "utf-8")
        return Path(place.read_text("utf-8"))

    return call


@pytest.fixture(scope="session")
def pipeline(run_once: RunOnce) -> Path:
    """A project in which every stage has run, in order, on small data."""
    return run_once("pipeline")


@pytest.fixture(scope="session")
def folded(run_once: RunOnce) -> Path:
    """A project in which every stage has run on small data in three folds."""
    short = ["trainer.max_epochs=2", "baselines.trials=1", "tracking.enabled=false"]
    return run_once("folded", "data.split.folds=3", *short)


def _run_stages(folder: Path, *overrides: str) -> Path:
    small_data.write_raw(folder / "source")
    (folder / "dvc.yaml").touch()
    chosen = folder / "current.yaml"
    kept = [*QUICK, *small_data.OVERRIDES, *overrides]
    chosen.write_text("".join(f"- {override}\n" for override in kept), "utf-8")
    with patch.dict(os.environ), pytest.MonkeyPatch.context() as monkeypatch:
        _forget_settings()
        monkeypatch.chdir(folder)
        monkeypatch.setattr(composition, "CURRENT", chosen)
        for verb in STAGES:
            monkeypatch.setattr(sys, "argv", [verb, "--stage"])
            importlib.import_module(f"{PACKAGE}.{verb}").main()
    return folder


def _forget_settings() -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "MLFLOW_"))]:
        del os.environ[name]
    os.environ["HYDRA_FULL_ERROR"] = "0"
