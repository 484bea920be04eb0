"""A copy of the project in which a module may be wrong for a while, and pytest runs over it."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from project_tools.sabotage import witness
from project_tools.sabotage.cuts import TOOLS, CutError
from project_tools.sabotage.processes import Fresh, Order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from project_tools.sabotage.processes import Process, Starter

FOLDERS = ("src", "tests", "tools", "docs")  # what tests may read, and the files of
FLAT = (".", ".dvc")
LARGEST_FILE = 4_000_000  # bytes of such a file; a larger one is data
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
WITNESS = "sabotage_witness"  # what the plugin is called there
# What leads another pytest astray: options of the caller, asserts left out, bytecode elsewhere.
NOT_INHERITED = ("PYTEST_ADDOPTS", "PYTHONOPTIMIZE", "PYTHONPYCACHEPREFIX")


@dataclass(frozen=True)
class Run:
    """One run of pytest; ``status`` is None when it took too long and was stopped."""

    status: int | None
    testimony: witness.Testimony
    seconds: float
    last_words: str


def package_of(project: Path) -> Path:
    """The one package below src/.

    Raises:
        CutError: when there is none, or there are several.
    """
    found = [file.parent for file in (project / "src").glob("*/__init__.py")]
    if len(found) != 1:
        raise CutError(f"{project / 'src'}: expected one package, found {len(found)}.")
    return found[0]


def module_of(package: Path, file: str) -> Path:
    """Where the module of a cut lies: below the package, or in the project's tools."""
    return (package.parents[1] if file.startswith(TOOLS) else package) / file


class Bench:
    """Runs pytest over ``project`` where it lies; ``folder`` is for what pytest writes."""

    starter: Starter = Fresh
    also: ClassVar[dict[str, str]] = {}  # in the environment of its tests

    def __init__(self, project: Path, folder: Path) -> None:
        self.project, self.folder = project.resolve(), folder.resolve()
        self.package = package_of(self.project)
        self.process: Process | None = None
        self.began = self.deadline = 0.0

    def write(self, file: str, source: bytes) -> None:
        """Put ``source`` into a module, and forget the bytecode of what was there before.

        Python tells bytecode from stale bytecode by size and by time, to the second.
        """
        place = module_of(self.package, file)
        place.write_bytes(source)
        for stale in (place.parent / "__pycache__").glob(f"{place.stem}.*.pyc"):
            stale.unlink()

    def start(self, names: Iterable[str], limit: float, *options: str) -> None:
        """Start the tests of these names; they are stopped after ``limit`` seconds."""
        names = list(names)
        report, output = self.folder / "testimony.json", self.folder / "output.txt"
        report.unlink(missing_ok=True)
        # The witness is none of the tools that may be cut: it has a name and a place of its own.
        (self.folder / "witness").mkdir(exist_ok=True)
        shutil.copyfile(witness.__file__, self.folder / "witness" / f"{WITNESS}.py")
        arguments = ["-q", "-p", "no:cacheprovider", "-p", WITNESS, f"--witness={report}", *options]
        packages = [self.package, *self.project.glob(TOOLS)]
        arguments += [f"--witness-package={package}" for package in packages]
        # Beside the project, not in it: tests look for a project around their temporary folder.
        arguments += [f"--basetemp={self.folder / 'temporary'}", f"--rootdir={self.project}"]
        arguments += [f"--witness-name={name}" for name in names]
        arguments += sorted({name.partition("::")[0] for name in names})
        path = [str(package.parent) for package in packages]
        path += [str(self.folder / "witness"), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {key: text for key, text in os.environ.items() if key not in NOT_INHERITED}
        environment |= {"PYTHONPATH": os.pathsep.join(path), "OMP_NUM_THREADS": "1", **self.also}
        self.process = self.starter(Order(arguments, self.project, environment, output))
        self.began = time.monotonic()
        self.deadline = self.began + limit

    def result(self) -> Run | None:
        """What came of the run, or None while it goes on."""
        if self.process is None:
            return None
        status = self.process.poll()
        if status is None and time.monotonic() < self.deadline:
            return None
        self.stop(status is None)
        said = (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")
        lines = [line for line in said.splitlines() if line.strip()]
        testimony = witness.Testimony.load(self.folder / "testimony.json")
        return Run(status, testimony, time.monotonic() - self.began, "\n".join(lines[-10:]))

    def stop(self, running: bool = True) -> None:
        """End the run and everything that it started, if it still goes on."""
        process, self.process = self.process, None
        if process is not None and running:
            process.stop()


class Sandbox(Bench):
    """A copy of ``project`` in the new folder ``folder``, for one run of pytest at a time."""

    def __init__(self, project: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        copy = folder.resolve() / "project"
        for name in FOLDERS:
            if (project / name).is_dir():
                shutil.copytree(project / name, copy / name, ignore=NOT_COPIED)
        for name in FLAT:
            (copy / name).mkdir(parents=True, exist_ok=True)
            for file in (project / name).glob("*"):
                if file.is_file() and file.stat().st_size <= LARGEST_FILE:
                    shutil.copyfile(file, copy / name / file.name)
        super().__init__(copy, folder)
