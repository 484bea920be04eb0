import shutil
import sys
from pathlib import Path

import pytest
from project_tools import machine
from project_tools.check import MISSING, NOTE, OK


def absent(_program: str) -> None:
    return None


def present(program: str) -> str:
    return f"/usr/bin/{program}"


def one_gpu(_folder: Path, *_command: str) -> tuple[bool, str]:
    return True, "GPU 0: Test (UUID: GPU-1)"


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("3.11.0", ">=3.11,<3.14", True),
        ("3.9.18", ">=3.11", False),  # as text "3.9" would be the higher one
        ("3.14.0", ">=3.11,<3.14", False),
        ("3.13.9", ">=3.11, <3.14", True),
    ],
)
def test_python_versions_are_compared_as_numbers(version: str, wanted: str, fits: bool) -> None:
    assert machine.fits(version, wanted) is fits


def test_the_environment_is_looked_at_even_from_another_python(project: Path) -> None:
    site = project / ".venv" / "lib" / "python3.12" / "site-packages"
    for name in machine.NEEDED[1:]:
        (site / f"{name}-1.2.dist-info").mkdir(parents=True)
        (site / f"{name}-1.2.dist-info" / "METADATA").write_text(
            f"Name: {name}\nVersion: 1.2\n", "utf-8"
        )
    (project / ".venv" / "pyvenv.cfg").write_text("home = /usr\nversion_info = 3.9.1\n", "utf-8")
    found = machine.packages(project)
    assert (found.status, found.detail) == (MISSING, "not installed: torch")
    assert machine.python(project).status == MISSING


def test_uv_that_only_runs_from_a_full_path_is_noted(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", absent)
    assert machine.uv(project).status == MISSING
    monkeypatch.setenv("UV", str(project / "bin" / "uv"))
    found = machine.uv(project)
    assert found.status == NOTE
    assert str(project / "bin") in found.mend[0]


def test_a_missing_lock_is_mended_by_one_command(project: Path) -> None:
    assert machine.lock(project).mend == ("uv lock",)
    (project / "uv.lock").touch()
    assert machine.lock(project).status == OK


@pytest.mark.parametrize(
    ("build", "status"), [("2.13.0+cu130", OK), ("2.13.0+cpu", NOTE), (None, NOTE)]
)
def test_a_gpu_needs_a_build_of_torch_that_can_use_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, build: str | None, status: str
) -> None:
    def torch(_project: Path, _name: str) -> str | None:
        return build

    monkeypatch.setattr(shutil, "which", present)
    monkeypatch.setattr(machine, "ask", one_gpu)
    monkeypatch.setattr(machine, "installed", torch)
    found = machine.gpu(project)
    assert (found.status, "GPU 0: Test" in found.detail) == (status, True)
    assert bool(found.mend) == (status == NOTE)


def test_a_machine_without_a_gpu_is_no_failure(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", absent)
    assert machine.gpu(project).status == OK


def test_a_nearly_full_disk_is_noted_with_what_frees_room(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "ROOM", 1 << 62)
    found = machine.disk(project)
    assert (found.status, found.mend[0]) == (NOTE, "uv cache prune")


@pytest.mark.parametrize(
    ("longest", "enabled", "status"), [(-300, False, OK), (300, True, OK), (300, False, NOTE)]
)
def test_a_folder_that_is_too_deep_for_windows_is_noted(
    project: Path, monkeypatch: pytest.MonkeyPatch, longest: int, enabled: bool, status: str
) -> None:
    monkeypatch.setattr(machine, "LONGEST_INSIDE", longest)
    monkeypatch.setattr(machine, "_takes_long_paths", lambda: enabled)
    found = machine.paths(project)
    assert (found.status, bool(found.mend)) == (status, status == NOTE)


def test_the_length_of_paths_is_a_matter_of_windows(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "win32":
        monkeypatch.setattr(machine, "LONGEST_INSIDE", 10_000)
        assert machine.paths(project).status == OK
