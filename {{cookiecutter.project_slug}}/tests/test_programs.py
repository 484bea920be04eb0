import io
import json
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from {{ cookiecutter.package_name }}.programs import load_exported

WEIGHTS = "program/data/weights/model_weights_config.json"
GRAPH = "program/models/model.json"
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
    """A network that takes any number of rows."""
    rows = torch.export.Dim("rows", min=1, max=1000)
    network, example = torch.nn.Linear(3, 2), (torch.zeros(4, 3),)
    exported = torch.export.export(network, example, dynamic_shapes=({0: rows},))
    torch.export.save(exported, tmp_path / "program.pt2")
    return tmp_path / "program.pt2"


def change(program: Path, name: str, content: bytes, *, twice: bool = False) -> None:
    """Replace a member of the archive, or add it; ``twice``: before the one that is there."""
    with zipfile.ZipFile(program) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(program, "w") as archive:
        for one, old in {**members, name: content}.items():
            archive.writestr(one, content if one == name else old)
            if twice and one == name:
                with pytest.warns(UserWarning, match="Duplicate name"):
                    archive.writestr(one, old)


def graph_of(program: Path) -> str:
    with zipfile.ZipFile(program) as archive:
        return archive.read(GRAPH).decode()


def test_an_export_of_ours_is_read(program: Path) -> None:
    assert "expr_str" in graph_of(program)
    assert load_exported(program).module()(torch.zeros(7, 3)).shape == (7, 2)


def test_inputs_that_run_code_are_refused_and_not_run(program: Path, tmp_path: Path) -> None:
    content = io.BytesIO()
    torch.save(((Runs(tmp_path / "ran"),), {}), content)
    change(program, INPUTS, content.getvalue())
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        load_exported(program)
    assert not (tmp_path / "ran").exists()


def test_a_size_that_runs_code_is_refused_and_not_run(program: Path, tmp_path: Path) -> None:
    place = (tmp_path / "ran").as_posix()
    code = f"__import__('pathlib').Path('{place}').touch()"
    text = re.sub(r'"expr_str": "[^"]*"', f'"expr_str": "{code}"', graph_of(program))
    assert code in text
    change(program, GRAPH, text.encode())
    with pytest.raises(ValueError, match="for expr_str, and could run code"):
        load_exported(program)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("guards_code", ["print(1)"], "holds guards"),
        ("target", "torch.hub.load", "for target"),
        (
            "in_spec",
            '[1, {"context": "{\\"__enum__\\": true, \\"fqn\\": \\"this:s\\"}"}]',
            "a module",
        ),
        ("in_spec", '[1, {"\\u005f_enum__": true}]', "names a module"),
        ("more", {"default_factory_module": "this"}, "names a module"),
    ],
)
def test_a_graph_that_names_code_is_refused(
    program: Path, key: str, value: object, message: str
) -> None:
    graph = json.loads(graph_of(program))
    change(program, GRAPH, json.dumps({**graph, key: value}).encode())
    with pytest.raises(ValueError, match=message):
        load_exported(program)


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_weights_that_are_a_pickle_are_refused(program: Path, *, twice: bool) -> None:
    with zipfile.ZipFile(program) as archive:
        facts = json.loads(archive.read(WEIGHTS))
    facts["config"]["weight"]["use_pickle"] = True
    change(program, WEIGHTS, json.dumps(facts).encode(), twice=twice)
    with pytest.raises(ValueError, match="two members of one name" if twice else "holds a pickle"):
        load_exported(program)


@pytest.mark.parametrize(
    "name", ["data/aotinductor/model/code.so", "data/constants/custom_obj_0", "extra/notes"]
)
def test_what_an_export_of_ours_never_holds_is_refused(program: Path, name: str) -> None:
    change(program, f"program/{name}", b"")
    with pytest.raises(ValueError, match=f"holds {name}"):
        load_exported(program)


def test_a_second_program_in_the_archive_is_refused(program: Path) -> None:
    change(program, "other/models/model.json", b"{}")
    with pytest.raises(ValueError, match="more than one program"):
        load_exported(program)
