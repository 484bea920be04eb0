from pathlib import Path

import pytest
from project_copy import ProjectCopy, new_copy


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy of the project whose pipeline ran once without trouble. Not to be changed."""
    copy = new_copy(tmp_path_factory.mktemp("undisturbed"))
    copy.repro()
    return copy


@pytest.fixture
def finished(undisturbed: ProjectCopy, tmp_path: Path) -> ProjectCopy:
    """A copy for one test, with every output and DVC's cache."""
    return undisturbed.copy(tmp_path)


@pytest.fixture(scope="module")
def shared(undisturbed: ProjectCopy, tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy for a whole module, whose tests leave it as they found it."""
    return undisturbed.copy(tmp_path_factory.mktemp("shared"))
