"""What is expensive, made once: a checkout as a stranger has it, and real projects."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import BUILD, TEMPLATE, WORKER, Place, bake, files_of_the_repository

# Files that take minutes start first, so that both workers end at about the same time. A worker
# with two tests left gets the next file: a small one stands between two that are long.
LONGEST = [
    "test_project",
    "test_strange_project",
    "test_service",
    "test_make",
    "test_tests_of_tables",
    "test_locks",
    "test_project_of_tables",
]
PROGRAMS = ["awk", "bash", "cat", "env", "git", "make", "mkdir", "rm", "sh", "uname"]


def pytest_collection_modifyitems(items):
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture(scope="session")
def checkout():
    """The repository in a path with spaces and unicode, an empty home folder, and no uv."""
    place = BUILD / f"leere Mappe é {WORKER}"
    shutil.rmtree(place, ignore_errors=True)
    for source in files_of_the_repository():
        target = place / "ml-starter" / source.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    programs, home = place / "bin", place / "home"
    programs.mkdir()
    home.mkdir()
    for name in PROGRAMS:
        (programs / name).symlink_to(shutil.which(name))
    (programs / "python3").symlink_to(Path(sys._base_executable).resolve())
    # The package cache is shared, or every run would download everything.
    cache = subprocess.check_output(["uv", "cache", "dir"], text=True).strip()
    environment = {k: v for k, v in os.environ.items() if k not in {"UV", "VIRTUAL_ENV"}}
    environment |= {"PATH": str(programs), "HOME": str(home), "UV_CACHE_DIR": cache}
    return Place(place / "ml-starter", environment)


@pytest.fixture(scope="session")
def demo(checkout):
    """What `make demo` prints in a clean checkout."""
    return checkout.run("make", "demo")


@pytest.fixture(scope="session")
def demo_project(checkout, demo):
    """The project that `make demo` made, with its outputs."""
    path = f"{checkout.folder / '.tools' / 'bin'}{os.pathsep}{checkout.environment['PATH']}"
    return Place(checkout.folder / "build" / "demo", {**checkout.environment, "PATH": path})


@pytest.fixture(scope="session")
def new_project(checkout):
    """Make a further real project, with an environment of its own (seconds: the cache is warm)."""
    programs = [str(Path(shutil.which("uv")).parent), checkout.environment["PATH"]]
    environment = {**checkout.environment, "PATH": os.pathsep.join(programs)}

    def new_project(folder_name, **answers):
        folder = BUILD / folder_name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        place = Place(bake(folder, **answers), environment)
        place.run("git", "init", "--quiet", "--initial-branch=main")
        place.run("git", "add", "--all")
        return place

    return new_project
