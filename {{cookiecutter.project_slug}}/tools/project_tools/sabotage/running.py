"""Runs of pytest, several at once: as many as there are sandboxes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from project_tools.sabotage.cuts import CutError
from project_tools.sabotage.witness import Testimony

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from project_tools.sabotage.sandbox import Run, Sandbox

Task = TypeVar("Task")

LONGEST_UNTOUCHED = 1800.0  # seconds for all the tests together, without a cut
REPORTED = (0, 1, 2, 5)  # pytest got as far as looking for tests, and the witness tells the rest


def outcomes_without_cuts(sandboxes: list[Sandbox], tests: Iterable[str], chunks: int) -> Testimony:
    """Return what comes of the tests: those of a file in one process, with some other files.

    Raises:
        CutError: when they do not run at all.
    """
    by_file: dict[str, list[str]] = {}
    for test in sorted(tests):
        by_file.setdefault(test.partition("::")[0], []).append(test)
    files = list(by_file.values())
    number = min(len(files), chunks * len(sandboxes))
    parts = [[test for file in files[n::number] for test in file] for n in range(number)]
    found = Testimony({}, None, {})
    for _, _, run in as_they_end(
        sandboxes,
        parts,
        lambda sandbox, part: sandbox.start(
            part, LONGEST_UNTOUCHED, "--continue-on-collection-errors"
        ),
    ):
        if run.status not in REPORTED:
            raise CutError(f"the tests do not run, even without a cut:\n{run.last_words}")
        found.outcomes.update(run.testimony.outcomes)
        found.uncollected.update(run.testimony.uncollected)
        found.seconds.update(run.testimony.seconds)
    return found


def as_they_end(
    sandboxes: list[Sandbox], tasks: list[Task], begin: Callable[[Sandbox, Task], None]
) -> Generator[tuple[Sandbox, Task, Run], None, None]:
    """Begin each task in a sandbox that is free, in order, and yield what came of the runs."""
    free, running, waiting = list(sandboxes), list[tuple[Sandbox, Task]](), list(tasks)
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
