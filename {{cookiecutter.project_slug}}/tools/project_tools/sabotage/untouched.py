"""What comes of the tests without a cut, before anything is concluded from what comes with one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from project_tools.sabotage.cuts import Cut, CutError, nearest
from project_tools.sabotage.witness import Testimony, belongs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from project_tools.sabotage.sandbox import Run, Sandbox

Task = TypeVar("Task")
LONGEST = 1800.0  # seconds for a part of the tests
CHUNKS = 4  # for each sandbox, where a process starts at once: who has ended first takes more
REPORTED = (0, 1, 2, 5)  # pytest got as far as looking for tests, and the witness tells the rest


def run_untouched(sandboxes: list[Sandbox], tests: Iterable[str], fork: bool) -> Testimony:
    """Run the tests without a cut: those of a file in one process, with some other files."""
    by_file: dict[str, list[str]] = {}
    for test in sorted(tests):
        by_file.setdefault(test.partition("::")[0], []).append(test)
    files = list(by_file.values())
    number = min(len(files), (CHUNKS if fork else 1) * len(sandboxes))
    parts = [[test for file in files[n::number] for test in file] for n in range(number)]
    found = Testimony({}, None, {})
    for _, _, run in as_they_end(
        sandboxes,
        parts,
        lambda sandbox, part: sandbox.start(part, LONGEST, "--continue-on-collection-errors"),
    ):
        if run.status not in REPORTED:
            raise CutError(f"the tests do not run, even without a cut:\n{run.last_words}")
        found.outcomes.update(run.testimony.outcomes)
        found.uncollected.update(run.testimony.uncollected)
        found.seconds.update(run.testimony.seconds)
    return found


def is_of(test: str, names: Iterable[str]) -> bool:
    """Whether one of the names means ``test``."""
    return any(belongs(test, name) for name in names)


def proves_nothing(cut: Cut, untouched: Testimony) -> str:
    """Why a failure after the cut would prove nothing; nothing if it would."""
    outcomes = untouched.outcomes
    for name in cut.tests:
        own = {test: outcome for test, outcome in outcomes.items() if belongs(test, name)}
        for file, why in untouched.uncollected.items():
            if belongs(name, file) or belongs(file, name):
                return f"without a cut {file} cannot be imported: {why}"
        for test, outcome in own.items():
            if outcome in ("failed", "error"):
                return f"{test} fails without a cut as well"
        if "passed" not in own.values():
            known = {test.partition("[")[0] for test in outcomes}
            return f"no test {name} ran. {nearest(name, known)}"
    return ""


def as_they_end(
    sandboxes: list[Sandbox], tasks: list[Task], begin: Callable[[Sandbox, Task], None]
) -> Generator[tuple[Sandbox, Task, Run], None, None]:
    """Begin each task in a sandbox that is free, in order, and yield what came of the runs."""
    running: list[tuple[Sandbox, Task]] = []
    free, waiting = list(sandboxes), list(tasks)
    while waiting or running:
        while waiting and free:
            running.append((free.pop(), waiting.pop(0)))
            begin(*running[-1])
        for sandbox, task in list(running):
            run = sandbox.result()
            if run is not None:
                running.remove((sandbox, task))
                yield sandbox, task, run
                free.append(sandbox)
        time.sleep(0.02)
