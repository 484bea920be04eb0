"""How tests kill the pipeline, and what must hold afterwards."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from project_copy import PATIENCE, ProjectCopy, Started

needs_sigkill = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGKILL, and no process groups like these"
)


def make_stale(copy: ProjectCopy, verb: str) -> None:
    """Edit the source of one stage: it must run again, with the same result."""
    with (copy.conf.parent / f"{verb}.py").open("a", encoding="utf-8") as stream:
        stream.write("# edited\n")


def order(copy: ProjectCopy, text: str) -> Path:
    """Give the order that injected/sitecustomize.py carries out; deleting the file ends it."""
    file = copy.beside / "INJECTED" / "order"
    file.write_text(text, "utf-8")
    return file


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def kill(copy: ProjectCopy, dvc: Started, whom: str) -> None:
    """Kill "stage", "dvc" or "both", as far as they are there; dvc is gone afterwards."""
    if whom == "stage":
        records = sorted((copy.beside / "INJECTED").glob("*.*"), key=lambda f: f.stat().st_mtime_ns)
        if records and dvc.poll() is None:
            try:
                os.kill(int(records[-1].suffix[1:]), signal.SIGKILL)
            except ProcessLookupError:
                dvc.kill()  # between two stages
        else:
            dvc.kill()
    elif whom == "dvc":
        dvc.kill()
    else:
        os.killpg(dvc.pid, signal.SIGKILL)
    dvc.wait(PATIENCE)
    mend(copy)


def mend(copy: ProjectCopy) -> None:
    """Delete what DVC was just writing: the limit that docs/pipeline.md names."""
    from dvc.schema import COMPILED_LOCKFILE_SCHEMA
    from dvc.utils.serialize import load_yaml

    lock, busy = copy.folder / "dvc.lock", copy.folder / ".dvc" / "tmp" / "rwlock"
    for file, read in ((lock, lambda: COMPILED_LOCKFILE_SCHEMA(load_yaml(lock))), (busy, None)):
        try:
            read() if read else json.loads(file.read_text("utf-8"))
        except Exception:  # whichever way it is damaged
            file.unlink(missing_ok=True)


def assert_whole(copy: ProjectCopy, reference: dict[str, str | None]) -> None:
    """Each output is absent, or as an undisturbed run makes it."""
    found = copy.outputs()
    half = {name for name, content in found.items() if content not in (None, reference[name])}
    assert half == set()
