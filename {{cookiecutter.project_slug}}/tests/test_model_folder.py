import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.model_folder import ModelFolder
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS


@pytest.mark.parametrize("split", SPLITS)
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
