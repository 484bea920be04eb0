"""Tries cuts one after the other, or several at once, and says of each whether a test noticed."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from project_tools.sabotage.cuts import Cut, CutError, nearest
from project_tools.sabotage.processes import CAN_FORK, Forks, Fresh
from project_tools.sabotage.sandbox import TOOLS, Run, Sandbox, module_of, package_of
from project_tools.sabotage.surgery import cut_out
from project_tools.sabotage.untouched import as_they_end, is_of, proves_nothing, run_untouched

if TYPE_CHECKING:
    from collections.abc import Generator

CAUGHT, SURVIVED, BROKEN, TIMEOUT = "caught", "SURVIVED", "BROKEN", "TIMEOUT"
PATIENCE = 60.0  # seconds beyond twice that, after which a cut is taken to run for ever
TESTS_FAILED = 1  # pytest's exit status; 0: all passed, any other: they did not run


@dataclass(frozen=True)
class Finding:
    """What became of one cut. Only ``caught`` is as it should be."""

    cut: Cut
    verdict: str
    detail: str
    seconds: float = 0.0


def try_cuts(
    project: Path,
    cuts: list[Cut],
    jobs: int = 1,
    patience: float = PATIENCE,
    fork: bool = CAN_FORK,
) -> Generator[Finding, None, None]:
    """Yield a finding for each cut as soon as there is one; ``project`` itself is not touched.

    With ``fork`` a trial does not wait for the imports of what others wrote: its process is forked
    from one that has them, and nothing of the project.

    Raises:
        CutError: when the tests do not run at all.
    """
    sources, findings = prepare(package_of(project), cuts)
    yield from findings
    yield from try_sources(project, cuts, sources, jobs, patience, fork=fork)


def try_sources(
    project: Path,
    cuts: list[Cut],
    sources: dict[str, bytes],
    jobs: int,
    patience: float = PATIENCE,
    sandbox_type: type[Sandbox] = Sandbox,
    fork: bool = CAN_FORK,
) -> Generator[Finding, None, None]:
    """The same for cuts whose files, cut already, are in ``sources`` by the cuts' names."""
    waiting = [cut for cut in cuts if cut.name in sources]
    if not waiting:
        return
    tests = {test for cut in waiting for test in cut.tests}
    with (
        tempfile.TemporaryDirectory(prefix="sabotage-", ignore_cleanup_errors=True) as name,
        ExitStack() as ends,
    ):
        folder, starter = Path(name), Fresh
        if fork:
            starter = forks = Forks(project, tests, folder / "warm.txt")
            ends.callback(forks.close)
        numbers = range(min(jobs, len(waiting)))
        sandboxes = [sandbox_type(project, folder / str(number)) for number in numbers]
        for sandbox in sandboxes:
            sandbox.starter = starter
            ends.callback(sandbox.stop)
        untouched = run_untouched(sandboxes, tests, fork)
        for cut in list(waiting):
            problem = proves_nothing(cut, untouched)
            if problem:
                waiting.remove(cut)
                yield Finding(cut, BROKEN, problem)
        seconds = untouched.seconds
        limit = patience + 2 * sum(seconds.values())
        waiting.sort(key=lambda cut: -sum(seconds[t] for t in seconds if is_of(t, cut.tests)))
        yield from _try_all(sandboxes, waiting, sources, limit)


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
    project = package.parents[1]
    inside, base = (project / TOOLS, project) if cut.file.startswith(TOOLS) else (package, package)
    modules = {file.relative_to(base).as_posix() for file in inside.rglob("*.py")}
    if cut.file not in modules:
        raise CutError(f"no module {cut.file}. {nearest(cut.file, modules)}")
    for test in cut.tests:
        if not (project / test.partition("::")[0]).exists():
            files = [f.relative_to(project).as_posix() for f in project.glob("tests/**/test_*.py")]
            raise CutError(f"no tests {test}. {nearest(test.partition('::')[0], files)}")
    return module_of(package, cut.file).read_bytes()


def _try_all(
    sandboxes: list[Sandbox], cuts: list[Cut], sources: dict[str, bytes], limit: float
) -> Generator[Finding, None, None]:
    originals: dict[str, bytes] = {}

    def begin(sandbox: Sandbox, cut: Cut) -> None:
        place = module_of(sandbox.package, cut.file)
        originals[cut.name] = place.read_bytes()
        sandbox.write(cut.file, sources[cut.name])
        sandbox.start(cut.tests, limit, "--witness-until-failure")

    for sandbox, cut, run in as_they_end(sandboxes, cuts, begin):
        sandbox.write(cut.file, originals.pop(cut.name))
        place = module_of(sandbox.package, cut.file).resolve()
        yield Finding(cut, *_judge(run, place), run.seconds)


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
