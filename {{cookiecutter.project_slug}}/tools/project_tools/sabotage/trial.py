"""Tries cuts one after the other, or several at once, and says of each whether a test noticed."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from project_tools.sabotage.cuts import Cut, CutError, nearest
from project_tools.sabotage.sandbox import Run, Sandbox, package_of
from project_tools.sabotage.surgery import cut_out
from project_tools.sabotage.witness import belongs

if TYPE_CHECKING:
    from collections.abc import Generator

CAUGHT, SURVIVED, BROKEN, TIMEOUT = "caught", "SURVIVED", "BROKEN", "TIMEOUT"
LONGEST_UNTOUCHED = 1800.0  # seconds for all the tests together, without a cut
PATIENCE = 60.0  # seconds beyond twice that, after which a cut is taken to run for ever
TESTS_FAILED = 1  # pytest's exit status; 0: all passed, any other: they did not run
REPORTED = (0, 1, 2, 5)  # pytest got as far as looking for tests, and the witness tells the rest


@dataclass(frozen=True)
class Finding:
    """What became of one cut. Only ``caught`` is as it should be."""

    cut: Cut
    verdict: str
    detail: str
    seconds: float = 0.0


def try_cuts(
    project: Path, cuts: list[Cut], jobs: int = 1, patience: float = PATIENCE
) -> Generator[Finding, None, None]:
    """Yield a finding for each cut as soon as there is one; ``project`` itself is not touched.

    Raises:
        CutError: when the tests do not run at all.
    """
    sources, findings = prepare(package_of(project), cuts)
    yield from findings
    waiting = [cut for cut in cuts if cut.name in sources]
    if not waiting:
        return
    with tempfile.TemporaryDirectory(prefix="sabotage-", ignore_cleanup_errors=True) as folder:
        sandboxes = [Sandbox(project, Path(folder) / "0")]
        try:
            tests = sorted({test for cut in waiting for test in cut.tests})
            untouched = _wait(sandboxes[0], tests)
            for cut in list(waiting):
                problem = _proves_nothing(cut, untouched)
                if problem:
                    waiting.remove(cut)
                    yield Finding(cut, BROKEN, problem)
            limit = patience + 2 * untouched.seconds
            extra = range(1, min(jobs, len(waiting)))
            sandboxes += [Sandbox(project, Path(folder) / str(number)) for number in extra]
            yield from _try_all(sandboxes, waiting, sources, limit)
        finally:
            for sandbox in sandboxes:
                sandbox.stop()


def prepare(package: Path, cuts: list[Cut]) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the sources with a cut by the cuts' names, and a finding for each that cannot be."""
    sources: dict[str, bytes] = {}
    findings: list[Finding] = []
    for cut in cuts:
        try:
            sources[cut.name] = cut_out(_read(package, cut), cut.function, cut.body)
        except CutError as error:
            findings.append(Finding(cut, BROKEN, str(error)))
    return sources, findings


def _read(package: Path, cut: Cut) -> bytes:
    modules = {file.relative_to(package).as_posix(): file for file in package.rglob("*.py")}
    if cut.file not in modules:
        raise CutError(f"no module {cut.file}. {nearest(cut.file, modules)}")
    project = package.parents[1]
    for test in cut.tests:
        if not (project / test.partition("::")[0]).exists():
            files = [f.relative_to(project).as_posix() for f in project.glob("tests/**/test_*.py")]
            raise CutError(f"no tests {test}. {nearest(test.partition('::')[0], files)}")
    return modules[cut.file].read_bytes()


def _wait(sandbox: Sandbox, tests: list[str]) -> Run:
    sandbox.start(tests, LONGEST_UNTOUCHED, "--continue-on-collection-errors")
    while (run := sandbox.result()) is None:
        time.sleep(0.02)
    if run.status not in REPORTED:
        raise CutError(f"the tests do not run, even without a cut:\n{run.last_words}")
    return run


def _proves_nothing(cut: Cut, untouched: Run) -> str:
    """Why a failure after the cut would prove nothing; nothing if it would."""
    outcomes = untouched.testimony.outcomes
    for name in cut.tests:
        own = {test: outcome for test, outcome in outcomes.items() if belongs(test, name)}
        for file, why in untouched.testimony.uncollected.items():
            if belongs(name, file) or belongs(file, name):
                return f"without a cut {file} cannot be imported: {why}"
        for test, outcome in own.items():
            if outcome in ("failed", "error"):
                return f"{test} fails without a cut as well"
        if "passed" not in own.values():
            known = {test.partition("[")[0] for test in outcomes}
            return f"no test {name} ran. {nearest(name, known)}"
    return ""


def _try_all(
    sandboxes: list[Sandbox], cuts: list[Cut], sources: dict[str, bytes], limit: float
) -> Generator[Finding, None, None]:
    free, running, waiting = list(sandboxes), list[tuple[Sandbox, Cut, bytes]](), list(cuts)
    while waiting or running:
        while waiting and free:
            sandbox, cut = free.pop(), waiting.pop(0)
            running.append((sandbox, cut, (sandbox.package / cut.file).read_bytes()))
            sandbox.write(cut.file, sources[cut.name])
            sandbox.start(cut.tests, limit, "--witness-until-failure")
        for entry in list(running):
            sandbox, cut, original = entry
            run = sandbox.result()
            if run is not None:
                sandbox.write(cut.file, original)
                running.remove(entry)
                free.append(sandbox)
                yield Finding(cut, *_judge(run, sandbox.package / cut.file), run.seconds)
        time.sleep(0.02)


def _judge(run: Run, file: Path) -> tuple[str, str]:
    failure, outcomes = run.testimony.failure, run.testimony.outcomes
    if run.status is None:
        return TIMEOUT, f"stopped after {run.seconds:.0f} s"
    if run.status == 0:
        return SURVIVED, f"{len(outcomes)} tests pass as if nothing were wrong"
    if run.status != TESTS_FAILED:
        uncollected = "; ".join(f"{name}: {why}" for name, why in run.testimony.uncollected.items())
        return BROKEN, f"the tests do not run: {uncollected or run.last_words}"
    if failure is None:
        return BROKEN, "no test failed: those that did not pass could not start"
    if failure.is_of(file):
        return BROKEN, f"the body does not run: {failure.message.splitlines()[0]}"
    return CAUGHT, f"by {failure.test} ({failure.kind})"
