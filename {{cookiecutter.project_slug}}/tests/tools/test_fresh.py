import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project_tools import fresh

STAGE = """\
stages:
  double:
    cmd: python -c "open('out.txt', 'w').write(2 * open('in.txt').read())"
    deps: [in.txt]
    outs: [out.txt]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipeline of one stage, that has never run."""
    (tmp_path / "dvc.yaml").write_text(STAGE, encoding="utf-8")
    (tmp_path / "in.txt").write_text("ab", encoding="utf-8")
    monkeypatch.setattr(fresh, "PROJECT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["fresh"])
    return tmp_path


def dvc(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "dvc", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.usefixtures("project")
def test_a_pipeline_that_never_ran_claims_nothing() -> None:
    assert fresh.main() == 0


@pytest.mark.slow
def test_a_lock_fits_without_its_data_until_something_is_edited(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dvc(project, "init", "--quiet", "--no-scm")
    dvc(project, "repro", "--quiet")
    (project / "out.txt").unlink()
    shutil.rmtree(project / ".dvc" / "cache")
    assert fresh.main() == 0
    (project / "in.txt").write_text("cd", encoding="utf-8")
    assert fresh.main() == 1
    assert "dvc.lock: the stage double would run again" in capsys.readouterr().out
    (project / "dvc.yaml").write_text("stages: [", encoding="utf-8")
    assert fresh.main() == 1
    assert "dvc.yaml" in capsys.readouterr().out
