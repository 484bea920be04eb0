"""What the tests of this folder need: a small project under git, with exercises of its own."""

import sys
from pathlib import Path

import pytest

# pytest puts no folder on the path here, and `learn` is not installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from learn.doing import Desk
from learn.tests.little import FILES, git


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project; its only commit has everything."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # its own tests need none
    project = tmp_path / "a project"
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8", newline="\n")
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "all")
    return project


@pytest.fixture
def desk(toy: Path) -> Desk:
    """What a learner has before anything is started."""
    return Desk(toy)
