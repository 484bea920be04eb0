"""Imports once what tests import from elsewhere, and forks a process for each run of pytest.

Run as a script, for a fork has every module that is imported here: none may be the project's or
one of project_tools, of which each trial has a copy of its own. Reads requests from standard input,
a line of JSON each, and answers them.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import runpy
import signal
import sys
import traceback
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

ONLY_LINUX = "processes are forked on Linux only"


def main() -> None:
    """Import, then fork, until nobody asks any more."""
    # What is imported may print: the answers have a way of their own.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    _redirect(sys.argv[1])
    sys.path.pop(0)  # the folder of this script
    given = json.loads(sys.stdin.readline())
    _warm_up(given["modules"])
    stray = _modules_in([Path(folder) for folder in given["forbidden"]])
    if stray:
        raise ImportError(f"every trial would see {', '.join(stray)}")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # from here on the end is that of the requests
    running: set[int] = set()
    try:
        for line in sys.stdin:
            request = json.loads(line)
            if "arguments" in request:
                answer: int | None = (pid := _fork(request, replies.fileno()))
                running.add(pid)
            else:
                answer = _ended(request["pid"], wait=request["wait"])
                running -= {request["pid"]} if answer is not None else set()
            print(json.dumps(answer), file=replies, flush=True)
    finally:  # who asked wants no more, or was interrupted, or killed
        for pid in running:
            _kill(pid)
            _ended(pid, wait=True)


def _warm_up(modules: list[list[str]]) -> None:
    """Import modules with what is taken from them, where they can be imported."""
    plugins = importlib.metadata.entry_points(group="pytest11")
    with warnings.catch_warnings(action="ignore"):
        for module, *names in [["pytest"], *([plugin.module] for plugin in plugins), *modules]:
            with suppress(Exception, SystemExit):
                imported = importlib.import_module(module)
                for name in names:
                    if not hasattr(imported, name):
                        importlib.import_module(f"{module}.{name}")
    sys.modules.pop("__mp_main__", None)  # multiprocessing's name for this script
    # pytest rewrites the asserts of its plugins' packages, and warns of those that are there.
    givers = {plugin.dist.name for plugin in plugins if plugin.dist}
    packages = importlib.metadata.packages_distributions()
    rewritten = {package for package, dists in packages.items() if givers & set(dists)}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in rewritten:
            module.__doc__ = f"{module.__doc__ or ''}\nPYTEST_DONT_REWRITE"


def _modules_in(folders: list[Path]) -> list[str]:
    files = {
        name: Path(getattr(module, "__file__", None) or sys.executable).resolve()
        for name, module in sys.modules.items()
        if name != "__main__"
    }
    return sorted(
        name for name, file in files.items() if any(file.is_relative_to(f) for f in folders)
    )


def _fork(request: dict[str, Any], replies: int) -> int:
    """Start a run in a session of its own, so that all it starts can be stopped with it."""
    told, tell = os.pipe()
    pid = _fork_itself()
    if pid == 0:
        os.write(tell, b".")
        for descriptor in (told, tell, replies):
            os.close(descriptor)
        _run(request)
    os.read(told, 1)
    os.close(told)
    os.close(tell)
    return pid


def _fork_itself() -> int:
    """Fork; the number of the new process, or 0 in it, which is in a session of its own."""
    if sys.platform == "linux":
        pid = os.fork()
        if pid == 0:
            os.setsid()
        return pid
    raise OSError(ONLY_LINUX)


def _run(request: dict[str, Any]) -> None:
    """Run pytest as ``python -m pytest`` does, and end this process."""
    status = 3  # pytest's own for an error in pytest
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _redirect(request["output"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        sys.stdin = os.fdopen(nothing, encoding="utf-8")
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.path[:0] = [request["folder"], *request["environment"]["PYTHONPATH"].split(os.pathsep)]
        sys.argv = ["pytest", *request["arguments"]]
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:  # without what others left to be done at the end of the process that was forked
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _ended(pid: int, wait: bool) -> int | None:
    """Return the exit status, or None while it runs; whatever it started and left ends with it."""
    if not _is_over(pid, wait):
        return None
    _kill(pid)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _is_over(pid: int, wait: bool) -> bool:
    """Whether a process has ended; its number is still its own."""
    if sys.platform == "linux":
        options = os.WEXITED | os.WNOWAIT | (0 if wait else os.WNOHANG)
        return os.waitid(os.P_PID, pid, options) is not None
    raise OSError(ONLY_LINUX)


def _kill(pid: int) -> None:
    """End a run with all that it started."""
    if sys.platform == "linux":
        os.killpg(pid, signal.SIGKILL)


def _redirect(file: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)


if __name__ == "__main__":
    main()
