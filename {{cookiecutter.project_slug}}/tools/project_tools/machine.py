"""Looks at the machine: uv, Python, the packages, the GPU and the disk."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import sys
from pathlib import Path

from project_tools.check import MISSING, NOTE, OK, Check, ask, environment, installed

NEEDED = ("torch", "lightning", "dvc", "mlflow")
ROOM = 5 * 1024**3  # the environment takes about 2 GiB, a CUDA build of torch 3 more
MAX_PATH = 260  # characters and an end, where nobody has switched longer paths on
LONGEST_INSIDE = 200  # of a path below the project: the licences that come with torch
LONG_PATHS = r"SYSTEM\CurrentControlSet\Control\FileSystem"
INSTALL_UV = {
    "win32": 'powershell -ExecutionPolicy ByPass -c "irm https://astral.sh/uv/install.ps1 | iex"'
}


def uv(project: Path) -> Check:
    """Inside `uv run` the variable UV names the running one, which PATH need not know."""
    found = shutil.which("uv")
    running = os.environ.get("UV", "")
    if found is None and not running:
        unix = "curl -LsSf https://astral.sh/uv/install.sh | sh"
        return Check(MISSING, "uv", "not installed", (INSTALL_UV.get(sys.platform, unix),))
    if found is None:
        folder = str(Path(running).parent)
        unix = f'export PATH={shlex.quote(folder)}:"$PATH"'
        mend = f'$env:Path = "{folder};$env:Path"' if sys.platform == "win32" else unix
        detail = f"{running} is not on PATH: git hooks and new terminals do not find it"
        return Check(NOTE, "uv", detail, (mend,))
    answered, version = ask(project, found, "--version")
    return Check(OK if answered else MISSING, "uv", version)


def python(project: Path) -> Check:
    """The environment's Python where there is one, for that is what `uv run` takes."""
    settings = environment(project) / "pyvenv.cfg"
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    line = re.search(r"^version(?:_info)?\s*=\s*(\S+)", text, re.MULTILINE)
    found = line.group(1) if line else platform.python_version()
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r'^requires-python\s*=\s*"([^"]+)"', pyproject, re.MULTILINE)
    if wanted is None or fits(found, wanted.group(1)):
        return Check(OK, "python", found)
    detail = f"{found} does not fit {wanted.group(1)}: uv finds or downloads one that does"
    return Check(MISSING, "python", detail, ("uv sync",))


def fits(version: str, wanted: str) -> bool:
    """Whether a version like 3.11.2 is within bounds like `>=3.11,<3.14`."""

    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d+", text)[:3])

    lowest = re.findall(r">=\s*([\d.]+)", wanted)
    highest = re.findall(r"<\s*([\d.]+)", wanted)
    return all(numbers(version) >= numbers(bound) for bound in lowest) and all(
        numbers(version) < numbers(bound) for bound in highest
    )


def lock(project: Path) -> Check:
    """The lock is what makes the next machine's environment the same as this one's."""
    if (project / "uv.lock").is_file():
        return Check(OK, "uv.lock", "pins every dependency")
    return Check(MISSING, "uv.lock", "nothing pins the dependencies", ("uv lock",))


def packages(project: Path) -> Check:
    """The packages that the pipeline cannot do without; their metadata tells, no import."""
    versions = {name: installed(project, name) for name in NEEDED}
    absent = [name for name, version in versions.items() if version is None]
    if absent:
        return Check(MISSING, "packages", f"not installed: {', '.join(absent)}", ("uv sync",))
    detail = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Check(OK, "packages", detail)


def gpu(project: Path) -> Check:
    """A driver and a build of torch that can use it have to come together."""
    build = installed(project, "torch") or ""
    local = build.partition("+")[2]  # cpu, cu130, or nothing: the build of the package index
    for_cuda = local.startswith("cu") or (not local and sys.platform == "linux" and build != "")
    driver = shutil.which("nvidia-smi")
    if driver is None:
        if sys.platform == "darwin" and platform.machine() == "arm64":
            return Check(OK, "gpu", "Apple GPU: `uv run train trainer=gpu` uses it")
        return Check(OK, "gpu", "none found (no nvidia-smi): training runs on the CPU")
    answered, name = ask(project, driver, "--list-gpus")
    if not answered or not name:
        return Check(NOTE, "gpu", f"the driver does not answer: {name or 'it lists no GPU'}")
    name = name.partition(" (UUID")[0]
    if for_cuda:
        return Check(OK, "gpu", f"{name}, torch {build}: `uv run train trainer=gpu` uses it")
    detail = f"{name} stays idle: torch {build or 'is not installed'} is no CUDA build"
    return Check(NOTE, "gpu", detail, _cuda_commands(project) if build else ("uv sync",))


def _cuda_commands(project: Path) -> tuple[str, ...]:
    if "cu130" in (project / "pyproject.toml").read_text(encoding="utf-8"):  # torch_build is cpu
        return ('in pyproject.toml: default-groups = ["dev", "cu130"]', "uv sync")
    if sys.platform == "linux":  # a +cpu wheel came from the folder that UV_FIND_LINKS names
        return ("unset UV_FIND_LINKS", "uv lock --upgrade-package torch", "uv sync")
    return ("""uvx cruft update -y --variables-to-update '{"torch_build": "cuda"}'""", "uv sync")


def disk(project: Path) -> Check:
    """Room for an environment and for DVC's copies of data and models."""
    free = shutil.disk_usage(project).free
    detail = f"{free / 1024**3:.0f} GiB free"
    if free < ROOM:
        return Check(NOTE, "disk", detail, ("uv cache prune", "uv run dvc gc --all-commits"))
    return Check(OK, "disk", detail)


def paths(project: Path) -> Check:
    """Windows opens no longer path, and `uv sync` would fail without saying so."""
    too_deep = len(str(project)) + LONGEST_INSIDE - MAX_PATH
    if too_deep <= 0 or _takes_long_paths():
        return Check(OK, "paths", "short enough")
    detail = f"{too_deep} characters too long for what uv installs: move it, or as administrator"
    switch = f"Set-ItemProperty 'HKLM:\\{LONG_PATHS}' LongPathsEnabled 1"
    return Check(NOTE, "paths", f"that of this folder is {detail}", (switch,))


def _takes_long_paths() -> bool:
    enabled = 1
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, LONG_PATHS) as key:
            enabled = winreg.QueryValueEx(key, "LongPathsEnabled")[0]
    return enabled == 1


CHECKS = (uv, python, lock, packages, gpu, disk, paths)
