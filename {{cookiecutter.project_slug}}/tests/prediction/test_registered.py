import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.gate.registry import Registry, Version
from {{ cookiecutter.package_name }}.prediction.registered import (
    fetch,
    find_model,
    version_of,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

OFF = Tracking(False, None, "default", 1.0)


class Kept(Registry):
    """A registry that holds one model folder, as version 1 and as champion."""

    def __init__(self, model: Path) -> None:
        self.model, self.fetched = model, 0
        self.held = Version("1", "run", file_hash(model / "state.ckpt"), {})

    def in_use(self, alias: str) -> Version | None:
        return self.held if alias == "champion" else None

    def version(self, number: str) -> Version:
        from mlflow import MlflowException

        if number != "1":
            raise MlflowException("no such version")
        return self.held

    def folder(self, version: Version, to: Path) -> Path:
        self.fetched += 1
        return shutil.copytree(self.model, to / "data/network")


def test_a_folder_is_taken_as_it_is(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(model, tmp_path / "here")
    assert find_model("here", tmp_path, OFF) == tmp_path / "here"
    monkeypatch.chdir(tmp_path)
    assert find_model("here", tmp_path / "elsewhere", OFF) == Path("here")


def test_without_a_registry_only_folders_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"tracking\.enabled=False: expected true"):
        find_model("champion", tmp_path, OFF)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("2", "2: the registry has no such version"),
        ("champ", r"champ: no folder, and no alias .* Did you mean 'champion'"),
        ("challenger", "challenger: no folder, and no alias"),
    ],
)
def test_what_is_not_registered_is_told(named: str, message: str, model: Path) -> None:
    with pytest.raises(UserError, match=message):
        version_of(Kept(model), named)


@pytest.mark.parametrize("named", ["champion", "1"])
def test_a_version_is_fetched_once(named: str, model: Path, tmp_path: Path) -> None:
    registry = Kept(model)
    for _ in range(2):
        folder = fetch(registry, version_of(registry, named), tmp_path)
        assert file_hash(folder / "program.pt2") == file_hash(model / "program.pt2")
    assert registry.fetched == 1
    assert [place.name for place in folder.parent.iterdir()] == [registry.held.model_hash]


def test_files_that_were_not_registered_are_refused(model: Path, tmp_path: Path) -> None:
    registry: Any = Kept(model)
    registry.held = Version("1", "run", "another", {})
    with pytest.raises(UserError, match="version 1: its files are not those that were registered"):
        fetch(registry, registry.held, tmp_path)
    assert not (tmp_path / "runs/registry/another").exists()


def test_one_that_another_process_fetches_meanwhile_is_whole_for_both(
    model: Path, tmp_path: Path
) -> None:
    class Shared(Kept):
        def folder(self, version: Version, to: Path) -> Path:
            if not self.fetched:
                self.fetched = 1
                assert (fetch(self, version, tmp_path) / "state.ckpt").is_file()
            return super().folder(version, to)

    registry = Shared(model)
    folder = fetch(registry, registry.held, tmp_path)
    assert registry.fetched == 3
    assert sorted(one.name for one in folder.iterdir()) == sorted(o.name for o in model.iterdir())
    assert [one.name for one in folder.parent.iterdir()] == [folder.name]


def test_only_the_newest_are_kept(model: Path, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"runs/registry/{number}").mkdir(parents=True)
        os.utime(tmp_path / f"runs/registry/{number}", (number, number))
    registry = Kept(model)
    folder = fetch(registry, registry.held, tmp_path)
    kept = {one.name for one in folder.parent.iterdir()}
    assert kept == {folder.name, *(str(number) for number in range(3, 12))}
