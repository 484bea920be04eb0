"""What is expensive, made once: a checkout as a stranger has it, and real projects."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import (
    BUILD,
    PROJECT,
    TEMPLATE,
    WORKER,
    Place,
    bake,
    commit,
    files_of_the_repository,
)

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

AUTHOR = {
    f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


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
    cache = subprocess.check_output(["uv", "cache", "dir"], encoding="utf-8").strip()
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


@pytest.fixture
def run(tmp_path):
    """Run a command on a PATH with git and without uv; git knows who the user is.

    A question is answered with the Enter key, which takes the default.
    """
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git"))
    kept = {key: value for key, value in os.environ.items() if key != "UV"}
    places = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}

    def run(folder, *command, code=0):
        result = subprocess.run(
            command,
            cwd=folder,
            env={**kept, **AUTHOR, **places},
            input="\n" * 40,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == code, result.stdout
        return result.stdout

    return run


@pytest.fixture
def template(tmp_path, run):
    """A repository with the template in it."""
    folder = tmp_path / "template"
    for name in ("hooks", PROJECT.name):
        shutil.copytree(
            TEMPLATE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(TEMPLATE / "cookiecutter.json", folder)
    run(folder, "git", "init", "--quiet", "--initial-branch=main")
    commit(run, folder)
    return folder
