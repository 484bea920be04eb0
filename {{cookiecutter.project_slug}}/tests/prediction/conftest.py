import shutil
from pathlib import Path

import pytest


@pytest.fixture
def model(pipeline: Path) -> Path:
    return pipeline / "models/network"


@pytest.fixture
def rows(pipeline: Path, tmp_path: Path) -> Path:
    """A copy of the raw rows, for a test to spoil."""
    return shutil.copytree(pipeline / "source", tmp_path / "rows")
