"""Which process may work: one run of a stage at a time, and none whose dvc is gone."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UserError

if TYPE_CHECKING:
    import psutil

LOCK = ".lock"  # in the folder of a run by hand
SIGNALS = ("SIGTERM", "SIGUSR1", "SIGINT")  # to end; Windows has no SIGUSR1
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


@contextmanager
def only_command_in(folder: Path) -> Iterator[None]:
    """Hold the lock of a run by hand, in which one command works at a time.

    Raises:
        UserError: when another one is at work there.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(
            f"run={folder.name}: another command is at work in it. Wait for its end, or choose "
            "another name."
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_in_use(folder: Path) -> bool:
    """Whether a command is at work in the folder of a run by hand."""
    try:
        with only_command_in(folder):
            return False
    except UserError:
        return True


@cache
def started_by() -> psutil.Process | None:
    """Who had started this process when this was first asked."""
    return _starter()


def is_abandoned() -> bool:
    """Whether who started this process is gone: then the system has given it another parent."""
    return _starter() != started_by()


def under_torchrun(environment: Mapping[str, str]) -> bool:
    """Whether torchrun started this process, also where SLURM had started torchrun."""
    return "TORCHELASTIC_RUN_ID" in environment


def in_slurm_job(environment: Mapping[str, str]) -> bool:
    """Whether SLURM started this, and not a shell in which somebody works; Lightning agrees."""
    shell = environment.get("SLURM_JOB_NAME") in ("bash", "interactive")
    return "SLURM_NTASKS" in environment and not shell


def in_slurm_step(environment: Mapping[str, str]) -> bool:
    """Whether ``srun`` started this process; a job's script itself is no step."""
    return in_slurm_job(environment) and "SLURM_STEP_ID" in environment


def is_worker() -> bool:
    """Whether this is one of the processes that a distributed run started beside the first."""
    if under_torchrun(os.environ):
        ranks = ["RANK"]
    elif in_slurm_job(os.environ):
        ranks = ["SLURM_PROCID"]
    else:  # Lightning starts them on each node; the variables of others may be left from elsewhere
        ranks = ["LOCAL_RANK", "NODE_RANK" if "NODE_RANK" in os.environ else "GROUP_RANK"]
    return any(os.environ.get(rank, "0") != "0" for rank in ranks)


def is_subprocess() -> bool:
    """Whether the first process of this machine, and neither torchrun nor srun, started this."""
    by_others = under_torchrun(os.environ) or in_slurm_step(os.environ)
    return not by_others and os.environ.get("LOCAL_RANK", "0") != "0"


def is_one_of_several() -> bool:
    """Whether other processes of the same command were started at once with this one."""
    if under_torchrun(os.environ):
        return os.environ.get("WORLD_SIZE", "1") != "1"
    if in_slurm_step(os.environ):
        return os.environ["SLURM_NTASKS"] != "1"
    return "NODE_RANK" in os.environ


def ignore_signals(*names: str) -> None:
    """Leave signals to the training that started this process, which says when to end.

    Terminals and clusters send them to every process of a group.
    """
    for name in names:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _starter() -> psutil.Process | None:
    """The nearest process above this one that is more than a way to it.

    dvc starts a stage through $SHELL. Some shells replace themselves by the command, others stay,
    and so does what an environment on Windows has for Python, which starts the real one with the
    same words: both would outlive a killed dvc.
    """
    import psutil

    process = None
    try:
        here = psutil.Process()
        process = here.parent()
        while process is not None and _leads_to(here.cmdline(), process.cmdline()):
            process = process.parent()
    except psutil.Error:  # somebody else's process does not tell what it runs
        pass
    return process


def _leads_to(ours: list[str], command: list[str]) -> bool:
    by_launcher = sys.platform == "win32" and command[1:] == ours[1:]
    return by_launcher or command[-2:-1] in RUN_BY_A_SHELL
