"""How a run of pytest is started: in a new process, or forked from one that has imported a lot."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from project_tools.sabotage.cuts import CutError

if TYPE_CHECKING:
    from collections.abc import Iterable

# macOS has fork too, but its own libraries do not survive one: CPython does not fork there either.
CAN_FORK = sys.platform == "linux"


@dataclass(frozen=True)
class Order:
    """A run of pytest: its arguments, where it starts, with what, and the file for its output."""

    arguments: list[str]
    folder: Path
    environment: dict[str, str]
    output: Path


class Process(Protocol):
    """A run that was started."""

    def poll(self) -> int | None:
        """Return the exit status, or None while it goes on."""

    def stop(self) -> None:
        """End it, with everything that it started."""


class Starter(Protocol):
    """A way to start a run."""

    def __call__(self, order: Order) -> Process:
        """Start it."""


class Fresh:
    """A new process, which imports everything anew."""

    def __init__(self, order: Order) -> None:
        with order.output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *order.arguments],
                cwd=order.folder,
                env=order.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that what a test has started can be stopped with it
            )

    def poll(self) -> int | None:
        """Return the exit status, or None while it goes on."""
        return self.process.poll()

    def stop(self) -> None:
        """End it, with everything that it started."""
        if sys.platform == "win32":
            kill = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(kill, capture_output=True, check=False)
        else:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Forks:
    """Starts runs by forking warm.py, which has imported what ``tests`` of a project need."""

    def __init__(self, project: Path, tests: Iterable[str], log: Path) -> None:
        self.log = log
        script = Path(__file__).with_name("warm.py")
        self.warm = subprocess.Popen(
            [sys.executable, str(script), str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "OMP_NUM_THREADS": "1"},  # a thread would not survive the fork
            start_new_session=True,  # Ctrl-C is for the command, which ends this one
        )
        own = [str(folder.resolve()) for folder in _folders_of(project)]
        self._send({"modules": foreign_imports(project, tests), "forbidden": own})

    def __call__(self, order: Order) -> Process:
        """Fork, and run it there."""
        order.output.unlink(missing_ok=True)
        asked = {name: str(getattr(order, name)) for name in ("folder", "output")}
        environment = order.environment
        return _Forked(
            self, self.ask({**asked, "arguments": order.arguments, "environment": environment}) or 0
        )

    def ask(self, request: dict[str, object]) -> int | None:
        """Return the answer to a request.

        Raises:
            CutError: when the process is no more.
        """
        self._send(request)
        answer = self.warm.stdout.readline() if self.warm.stdout else ""
        if not answer:
            said = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
            raise CutError(f"the process that forks has ended; --fresh does without.\n{said}")
        return json.loads(answer)

    def close(self) -> None:
        """End it, with every run: an interruption may have lost the number of one."""
        self.warm.terminate()  # while it imports; later on it ends with the requests
        self.warm.communicate()

    def _send(self, content: dict[str, object]) -> None:
        with suppress(BrokenPipeError):  # the answer that does not come says it
            if self.warm.stdin:
                self.warm.stdin.write(json.dumps(content) + "\n")
                self.warm.stdin.flush()


class _Forked:
    def __init__(self, forks: Forks, pid: int) -> None:
        self.forks, self.pid = forks, pid

    def poll(self) -> int | None:
        return self.forks.ask({"pid": self.pid, "wait": False})

    def stop(self) -> None:
        if sys.platform == "linux":
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        with suppress(CutError):
            self.forks.ask({"pid": self.pid, "wait": True})


def foreign_imports(project: Path, tests: Iterable[str]) -> list[list[str]]:
    """Return the modules of others that the package and these tests import, and what from each."""
    named = {project / test.partition("::")[0] for test in tests}
    inside = [file for place in named if place.is_dir() for file in place.rglob("*.py")]
    helpers = [f for f in (project / "tests").rglob("*.py") if not f.name.startswith("test_")]
    sources = [*(project / "src").rglob("*.py"), *helpers, *inside]
    sources += [file for file in named if file.is_file()]
    own = {"project_tools", *(folder.name for folder in _folders_of(project))}
    own |= {folder.name for folder in (project / "src").glob("*/")}
    own |= {f.stem for f in (project / "tests").rglob("*.py")}
    found: dict[str, set[str]] = {}
    for file in set(sources):
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.Import):
                    for name in node.names:
                        found.setdefault(name.name, set())
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.setdefault(node.module, set()).update(n.name for n in node.names)
    return [
        [module, *sorted(found[module] - {"*"})]
        for module in sorted(found)
        if module.partition(".")[0] not in own
    ]


def _folders_of(project: Path) -> list[Path]:
    return [folder for folder in project.glob("[!.]*/") if folder.is_dir()]  # not .venv
