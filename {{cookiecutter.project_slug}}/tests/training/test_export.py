import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import exporting
import numpy as np
import onnxruntime
import pytest
import torch
from export_cases import odd_rows
from small_training import Trained, fit

from {{ cookiecutter.package_name }}.config.training import Schedule
from {{ cookiecutter.package_name }}.model import example_input
from {{ cookiecutter.package_name }}.training.export import export

FILES = ["history.csv", "model.json", "model.onnx", "program.pt2", "state.ckpt"]


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


@pytest.mark.parametrize("read", [exporting.from_program, exporting.from_onnx])
def test_the_files_say_what_the_network_says_for_any_number_of_rows(
    trained: Trained, folder: Path, read: Callable[[Path, exporting.Rows], exporting.Rows]
) -> None:
    for rows in (1, 2, 7, 256):
        inputs = odd_rows(trained.data.manifest, rows)
        expected = exporting.eager(trained.learner.network, inputs)
        np.testing.assert_allclose(read(folder, inputs), expected, **exporting.CLOSE)


def test_the_state_loads_without_unpickling_objects(trained: Trained, folder: Path) -> None:
    state = torch.load(folder / "state.ckpt", weights_only=True)["state_dict"]
    trained.learner.network.load_state_dict(state)


@pytest.mark.slow
@pytest.mark.ml_test_score("infra-1")
def test_exporting_again_gives_the_same_bytes(
    trained: Trained, folder: Path, tmp_path: Path
) -> None:
    again = exported(trained, tmp_path / "elsewhere" / "network")
    assert sorted(file.name for file in folder.iterdir()) == FILES
    for name in FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_files_name_no_place_of_this_machine(folder: Path) -> None:
    with zipfile.ZipFile(folder / "program.pt2") as archive:
        program = b"".join(archive.read(name) for name in archive.namelist())
    translated = (folder / "model.onnx").read_bytes()
    assert b"torch.ops.aten" in program
    assert b"main_graph" in translated
    assert b"pkg.torch" not in translated  # torch's comments on each node
    for content in (program, translated):
        assert b"line " not in content  # of a stack trace
        assert str(Path(__file__).parents[1]).encode() not in content


def test_the_onnx_file_alone_says_what_it_takes_and_gives(trained: Trained, folder: Path) -> None:
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    metadata = session.get_modelmeta().custom_metadata_map
    facts = json.loads((folder / "model.json").read_text("utf-8"))
    manifest = trained.data.manifest
    assert json.loads(metadata.pop("output")) == "logits"
    assert {name: json.loads(text) for name, text in metadata.items()} == {
        name: facts[name] for name in manifest.needed_to_predict
    }
    for end, (found,) in {"input": session.get_inputs(), "output": session.get_outputs()}.items():
        told = facts["signature"][end]
        assert (found.name, found.shape) == (told["name"], ["batch", *told["shape"][1:]])
        assert told["dtype"] == {"tensor(float)": "float32", "tensor(uint8)": "uint8"}[found.type]
    assert facts["signature"]["output"]["shape"] == [None, len(manifest.classes)]
    one = example_input(manifest)
    assert facts["signature"]["input"]["shape"] == [None, *one.shape[1:]]


def test_the_network_of_a_fold_is_for_scoring_only(trained: Trained, tmp_path: Path) -> None:
    folder = tmp_path / "fold-1"
    export(
        trained.learner.network, trained.data.manifest, trained.history, folder, {}, portable=False
    )
    assert sorted(file.name for file in folder.iterdir()) == [f for f in FILES if "onnx" not in f]


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
