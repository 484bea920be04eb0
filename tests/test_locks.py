"""The three PyTorch builds as lock files; PyTorch's own indexes are replaced by local ones."""

import os
import subprocess
import tomllib
import zipfile

import pytest

from support import CHOICES, bake

pytestmark = pytest.mark.slow

VERSION = "2.13.0"


@pytest.fixture(scope="module")
def indexes(tmp_path_factory):
    """Local stand-ins for both PyTorch indexes, each with one wheel that holds metadata only."""
    root = tmp_path_factory.mktemp("indexes")
    for build in ("cpu", "cu130"):
        version = f"{VERSION}+{build}"
        folder = root / build / "torch"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / f"torch-{version}-py3-none-any.whl", "w") as wheel:
            info = f"torch-{version}.dist-info"
            metadata = f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"
            wheel.writestr(f"{info}/METADATA", metadata)
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        link = f"torch-{version.replace('+', '%2B')}-py3-none-any.whl"
        (folder / "index.html").write_text(f'<a href="{link}">{link}</a>')
    return " ".join(f"pytorch-{build}={(root / build).as_uri()}" for build in ("cpu", "cu130"))


def uv(project, indexes, *arguments):
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    result = subprocess.run(
        ["uv", *arguments],
        cwd=project,
        env={**environment, "UV_INDEX": indexes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("build", CHOICES["torch_build"])
def test_each_build_locks_and_installs_its_own_torch(tmp_path, indexes, build):
    project = bake(tmp_path, torch_build=build)
    uv(project, indexes, "lock")
    plan = uv(project, indexes, "export", "--frozen", "--no-hashes", "--no-annotate")
    (torch,) = [line for line in plan.splitlines() if line.startswith("torch==")]
    suffix = {"cpu": "+cpu", "cuda": "+cu130"}
    assert torch.startswith(f"torch=={VERSION}{suffix.get(build, '')}")
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    sources = [package.get("source") for package in lock["package"]]
    assert {"editable": "tools"} in sources
