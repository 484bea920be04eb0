"""The three PyTorch builds as lock files; PyTorch's own indexes are replaced by local ones."""

import os
import subprocess
import tomllib
import zipfile

import pytest

from support import CHOICES, bake

pytestmark = pytest.mark.slow

VERSION = "2.13.0"
OF_TORCHVISION = "0.28.0"  # of the same release; the image kit's extra names it


def add_wheel(index, name, version, needs=""):
    folder = index / name
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    link = f"{name}-{version.replace('+', '%2B')}-py3-none-any.whl"
    (folder / "index.html").write_text(f'<a href="{link}">{link}</a>', "utf-8", newline="\n")


@pytest.fixture(scope="module")
def indexes(tmp_path_factory):
    """Local stand-ins for both PyTorch indexes, with wheels that hold metadata only."""
    root = tmp_path_factory.mktemp("indexes")
    for build in ("cpu", "cu130"):
        add_wheel(root / build, "torch", f"{VERSION}+{build}")
        needs = f"Requires-Dist: torch=={VERSION}\n"
        add_wheel(root / build, "torchvision", f"{OF_TORCHVISION}+{build}", needs)
    return " ".join(f"pytorch-{build}={(root / build).as_uri()}" for build in ("cpu", "cu130"))


def uv(project, indexes, *arguments):
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    result = subprocess.run(
        ["uv", *arguments],
        cwd=project,
        env={**environment, "UV_INDEX": indexes},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("build", CHOICES["torch_build"])
def test_the_extra_of_the_image_kit_takes_torchvision_of_torchs_own_build(tmp_path, indexes, build):
    project = bake(tmp_path, torch_build=build, kit="image")
    uv(project, indexes, "lock")
    extra = ["--extra", "pretrained"]
    plan = uv(project, indexes, "export", "--frozen", "--no-hashes", "--no-annotate", *extra)
    (found,) = [line for line in plan.splitlines() if line.startswith("torchvision==")]
    suffix = {"cpu": "+cpu", "cuda": "+cu130"}
    assert found.startswith(f"torchvision=={OF_TORCHVISION}{suffix.get(build, '')}")
    assert "timm==" in plan
    without = uv(project, indexes, "export", "--frozen", "--no-hashes", "--no-annotate")
    assert "timm==" not in without


def test_only_the_image_kit_has_the_extra(tmp_path):
    project = bake(tmp_path, kit="tabular")
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert "optional-dependencies" not in settings["project"]


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
