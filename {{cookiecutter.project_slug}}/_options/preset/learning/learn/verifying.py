"""Shows that each exercise can be solved and that its tests refuse what only looks solved."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from typing import TYPE_CHECKING

from project_tools.sabotage.cuts import CutError
from project_tools.sabotage.sandbox import NOT_COPIED, Sandbox
from project_tools.sabotage.trial import BROKEN, CAUGHT, SURVIVED, Finding, try_sources

from .exercises import Exercise

if TYPE_CHECKING:
    from pathlib import Path

SAID = {CAUGHT: "ok", SURVIVED: "PASSES", BROKEN: "BROKEN"}


class Copy(Sandbox):
    """A copy of the project that has the exercises too."""

    def __init__(self, project: Path, folder: Path) -> None:
        super().__init__(project, folder)
        shutil.copytree(project / "learn", self.project / "learn", ignore=NOT_COPIED)


def verify(project: Path, exercises: list[Exercise], jobs: int) -> int:
    """Print a line for each stub and each wrong body; 1 unless all of them fail.

    The references are what the project has. They run first, and one that fails makes all bodies of
    its exercise broken: their failures would prove nothing.
    """
    start, broken = time.monotonic(), list[Finding]()
    cuts = [cut for exercise in exercises for cut in exercise.cuts()]
    sources: dict[str, bytes] = {}
    for exercise in exercises:
        for cut in exercise.cuts():
            try:
                sources[cut.name] = exercise.put(_read(project, exercise), cut.body)
            except CutError as error:
                broken.append(Finding(cut, BROKEN, str(error)))
    print(f"{len(exercises)} exercises: first each reference must pass", flush=True)
    width, failed = max((len(cut.name) for cut in cuts), default=0), 0
    for finding in broken:
        failed += _tell(finding, width)
    with closing(try_sources(project, cuts, sources, jobs, sandbox_type=Copy)) as findings:
        for finding in findings:
            failed += _tell(finding, width)
    seconds = time.monotonic() - start
    print(f"\n{len(cuts)} stubs and wrong bodies: {failed} not as they should be ({seconds:.0f} s)")
    return 1 if failed or not exercises else 0


def _read(project: Path, exercise: Exercise) -> bytes:
    file = exercise.file(project)
    if not file.is_file():
        raise CutError(f"there is no {file}.")
    for test in exercise.tests:
        if not (project / test.partition("::")[0]).exists():
            raise CutError(f"there are no tests {test}.")
    return file.read_bytes()


def _tell(finding: Finding, width: int) -> bool:
    verdict = SAID.get(finding.verdict, finding.verdict)
    why = f" {finding.cut.why}" if finding.verdict == SURVIVED else ""
    print(f"{verdict:7} {finding.cut.name:{width}}  {finding.detail}{why}", flush=True)
    return finding.verdict != CAUGHT
