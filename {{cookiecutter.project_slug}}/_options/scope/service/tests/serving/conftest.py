from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Client, serving


@pytest.fixture(scope="session")
def model(pipeline: Path) -> Path:
    return pipeline / "models/network"


@pytest.fixture(scope="session")
def client(model: Path) -> Iterator[Client]:
    """A service that other tests ask as well."""
    with serving(model) as found:
        yield found
