import json
import zipfile
from pathlib import Path

import pytest
import torch
from small_training import Trained, fit

from {{ cookiecutter.package_name }}.model import example_input
from {{ cookiecutter.package_name }}.training.export import export
from {{ cookiecutter.package_name }}.training.settings import Schedule

FILES = ["history.csv", "model.json", "program.pt2", "state.ckpt"]


@pytest.fixture(scope="module")
def trained(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return fit(prepared, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def folder(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(trained, tmp_path_factory.mktemp("exported") / "network")


def exported(trained: Trained, folder: Path) -> Path:
    made_from = {"optimizer": trained.config.optimizer, "seed": 0}
    export(trained.learner.network, trained.data.manifest, trained.history, folder, made_from)
    return folder


@pytest.mark.parametrize("rows", [1, 5])
def test_the_program_says_what_the_network_says(trained: Trained, folder: Path, rows: int) -> None:
    program = torch.export.load(folder / "program.pt2").module()
    one = example_input(trained.data.manifest)[:1]
    inputs = torch.randint(0, 256, (rows, *one.shape[1:])).to(one.dtype)
    with torch.inference_mode():
        expected = trained.learner.network.eval()(inputs)
        torch.testing.assert_close(program(inputs), expected, rtol=0, atol=1e-5)


def test_the_state_loads_without_unpickling_objects(trained: Trained, folder: Path) -> None:
    state = torch.load(folder / "state.ckpt", weights_only=True)["state_dict"]
    trained.learner.network.load_state_dict(state)


def test_exporting_again_gives_the_same_bytes(
    trained: Trained, folder: Path, tmp_path: Path
) -> None:
    again = exported(trained, tmp_path / "elsewhere" / "network")
    assert sorted(file.name for file in folder.iterdir()) == FILES
    for name in FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_program_names_no_place_of_this_machine(folder: Path) -> None:
    with zipfile.ZipFile(folder / "program.pt2") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    here = str(Path(__file__).parents[1]).encode()
    assert b"torch.ops.aten" in content
    assert here not in content


def test_model_json_says_what_the_model_was_made_from(trained: Trained, folder: Path) -> None:
    facts = json.loads((folder / "model.json").read_text("utf-8"))
    manifest = trained.data.manifest
    assert facts["optimizer"]["lr"] == trained.config.optimizer.lr
    assert facts["optimizer"]["schedule"] in [schedule.value for schedule in Schedule]
    assert facts["classes"] == manifest.classes
    assert facts["data_hashes"] == manifest.hashes
    assert facts["fold"] is None
    assert facts.items() >= manifest.needed_to_predict.items()
    assert facts["parameters"] == sum(one.numel() for one in trained.learner.parameters())
