import shutil
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from {{ cookiecutter.package_name }}.model_folder import ModelFolder, load_program
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.ml_test_score("mon-1")
def test_data_that_the_model_was_not_trained_on_are_refused(split: str, pipeline: Path) -> None:
    trained = ModelFolder(pipeline / "models" / "network")
    manifest = Manifest.load(pipeline / "data" / "prepared")
    trained.require_own(manifest)
    other = replace(manifest, hashes={**manifest.hashes, split: "of another split"})
    with pytest.raises(UserError, match="trained on other data"):
        trained.require_own(other)


@pytest.mark.parametrize("damage", ["program.pt2", "model.json"])
@pytest.mark.parametrize("how", ["missing", "cut"])
def test_a_damaged_model_folder_is_refused(
    damage: str, how: str, pipeline: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(pipeline / "models" / "network", tmp_path / "network")
    content = (folder / damage).read_bytes()
    (folder / damage).unlink()
    if how == "cut":
        (folder / damage).write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="network: not a whole model folder"):
        ModelFolder(folder)


@pytest.mark.parametrize(
    ("warning", "shown"),
    [("The given buffer is not writable, and PyTorch does not", 0), ("Made by a newer torch", 1)],
)
def test_loading_a_program_says_nothing_of_how_torch_reads_it(
    warning: str, shown: int, pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = torch.export.load

    def warn(file: Path) -> object:
        warnings.warn(warning, stacklevel=2)  # torch 2.11 does
        return load(file)

    monkeypatch.setattr(torch.export, "load", warn)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        load_program(pipeline / "models" / "network" / "program.pt2")
    assert len([one for one in seen if str(one.message) == warning]) == shown
