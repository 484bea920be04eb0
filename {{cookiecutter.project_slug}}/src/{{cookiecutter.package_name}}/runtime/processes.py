"""Which process may work: one run of a stage at a time, and none whose dvc is gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UserError

if TYPE_CHECKING:
    import psutil

RUN_BY_A_SHELL = (["-c"], ["/c"])  # the last but one of its words: `sh -c COMMAND`


@contextmanager
def only_run_of(verb: str, project: Path) -> Iterator[None]:
    """Hold the stage's lock: a killed `dvc` leaves its stage running, and the next must wait."""
    from filelock import FileLock, Timeout

    started_by()
    path = project / "runs" / "stages" / f"{verb}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(
            f"{verb}: another run of this stage is still at work; waiting for it to end ...",
            flush=True,
        )
        lock.acquire()
    try:
        if is_abandoned():
            raise UserError("dvc was killed while this stage waited. `uv run dvc repro` starts it.")
        yield
    finally:
        lock.release()


@cache
def started_by() -> psutil.Process | None:
    """Who had started this process when this was first asked."""
    return _starter()


def is_abandoned() -> bool:
    """Whether who started this process is gone: then the system has given it another parent."""
    return _starter() != started_by()


def is_worker() -> bool:
    """Whether this is one of the processes that a distributed run started beside the first."""
    return os.environ.get("LOCAL_RANK", "0") != "0"


def _starter() -> psutil.Process | None:
    """The nearest process above this one, past shells: dvc starts a stage through $SHELL.

    Some shells replace themselves by the command, others stay; those would outlive a killed dvc.
    """
    import psutil

    process = None
    try:
        process = psutil.Process().parent()
        while process is not None and process.cmdline()[-2:-1] in RUN_BY_A_SHELL:
            process = process.parent()
    except psutil.Error:  # somebody else's process does not tell what it runs
        pass
    return process
