import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from requested import request_of, rows_of_training
from served import Client, serving

from {{ cookiecutter.package_name }}.arrays import load_split


@pytest.fixture(scope="session")
def model(pipeline: Path) -> Path:
    return pipeline / "models/network"


@pytest.fixture(scope="session")
def client(model: Path) -> Iterator[Client]:
    """A service that other tests ask as well."""
    with serving(model) as found:
        yield found


@pytest.fixture
def other(model: Path, tmp_path: Path) -> Path:
    """The same model under another hash."""
    folder = shutil.copytree(model, tmp_path / "other")
    with (folder / "state.ckpt").open("ab") as stream:
        stream.write(b"anew")
    return folder


@pytest.fixture
def pair(pipeline: Path) -> bytes:
    """A request of two rows."""
    ids = load_split(pipeline / "data/prepared", "test").ids[:2]
    return request_of(rows_of_training(pipeline, ids))
