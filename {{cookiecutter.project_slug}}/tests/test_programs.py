import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from {{ cookiecutter.package_name }}.programs import load_exported

WEIGHTS = "program/data/weights/model_weights_config.json"
INPUTS = "program/data/sample_inputs/model.pt"


class Runs:
    """A pickle that makes a file when it is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return _make, (str(self.file),)


def _make(file: str) -> None:
    Path(file).touch()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    exported = torch.export.export(torch.nn.Linear(3, 2), (torch.zeros(1, 3),))
    torch.export.save(exported, tmp_path / "program.pt2")
    return tmp_path / "program.pt2"


def change(program: Path, name: str, content: bytes) -> None:
    """Replace a member of the archive, or add it."""
    with zipfile.ZipFile(program) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(program, "w") as archive:
        for one, old in {**members, name: content}.items():
            archive.writestr(one, content if one == name else old)


def test_an_export_of_ours_is_read(program: Path) -> None:
    assert load_exported(program).module()(torch.zeros(1, 3)).shape == (1, 2)


def test_inputs_that_run_code_are_refused_and_not_run(program: Path, tmp_path: Path) -> None:
    content = io.BytesIO()
    torch.save(((Runs(tmp_path / "ran"),), {}), content)
    change(program, INPUTS, content.getvalue())
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        load_exported(program)
    assert not (tmp_path / "ran").exists()


def test_weights_that_are_a_pickle_are_refused(program: Path) -> None:
    with zipfile.ZipFile(program) as archive:
        facts = json.loads(archive.read(WEIGHTS))
    facts["config"]["weight"]["use_pickle"] = True
    change(program, WEIGHTS, json.dumps(facts).encode())
    with pytest.raises(ValueError, match="holds a pickle"):
        load_exported(program)


@pytest.mark.parametrize(
    "name", ["data/aotinductor/model/code.so", "data/constants/custom_obj_0", "extra/notes"]
)
def test_what_an_export_of_ours_never_holds_is_refused(program: Path, name: str) -> None:
    change(program, f"program/{name}", b"")
    with pytest.raises(ValueError, match=f"holds {name}"):
        load_exported(program)
