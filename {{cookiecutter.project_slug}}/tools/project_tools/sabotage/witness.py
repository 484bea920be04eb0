"""A plugin for pytest: runs the tests that cuts name, and writes down what came of each.

It sees what an exit status does not say: whether a test failed or could not even start, and whether
what failed was the project's code or the cut itself.
"""

from __future__ import annotations

import importlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Raised in the function that was cut, they say that the cut is no Python that could have run.
NOT_THE_TESTS_MERIT = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError")


@dataclass(frozen=True)
class Failure:
    """The first test that failed, the exception's name and text, and the file that raised it."""

    test: str
    message: str
    file: str

    @property
    def kind(self) -> str:
        """The name of the exception."""
        word = re.match(r"[\w.]*", self.message)
        name = word[0].rpartition(".")[2] if word else ""
        return "AssertionError" if name == "assert" else name

    def is_of(self, file: Path) -> bool:
        """Whether the code in ``file`` does not run at all, for whatever it does."""
        return self.kind in NOT_THE_TESTS_MERIT and Path(self.file).resolve() == file


@dataclass(frozen=True)
class Testimony:
    """What happened: the outcome of each test, the first failure, and what was not collected."""

    outcomes: dict[str, str]  # passed, failed, skipped, or error: it could not start
    failure: Failure | None
    uncollected: dict[str, str]  # file: why
    seconds: dict[str, float] = field(default_factory=dict)  # of each test

    def save(self, file: Path) -> None:
        """Write ``file``."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, file: Path) -> Testimony:
        """Read ``file``; a run that ended before it was written has nothing to say."""
        if not file.is_file():
            return cls({}, None, {})
        content = json.loads(file.read_text(encoding="utf-8"))
        failure = Failure(**content["failure"]) if content["failure"] else None
        return cls(**(content | {"failure": failure}))


def belongs(test: str, name: str) -> bool:
    """Whether pytest's ``name`` of a folder, file, class or test means ``test``."""
    return test == name or test.startswith((f"{name}::", f"{name}[", f"{name.rstrip('/')}/"))


class Witness:
    """The hooks of one run."""

    def __init__(self, names: list[str], until_failure: bool) -> None:
        self.names, self.until_failure = names, until_failure
        self.outcomes: dict[str, str] = {}
        self.failure: Failure | None = None
        self.uncollected: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests of a file that nobody named."""
        items[:] = [i for i in items if any(belongs(i.nodeid, name) for name in self.names)]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be imported."""
        if report.failed:
            self.uncollected[report.nodeid] = _crash(report.longrepr)[0]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome; a test that could not start is no failure, and the next may start."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        outcome = "error" if report.failed and report.when == "setup" else report.outcome
        if report.when == "call" or outcome != "passed":
            self.outcomes[report.nodeid] = outcome
        if outcome == "failed" and self.failure is None:
            self.failure = Failure(report.nodeid, *_crash(report.longrepr))

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Stop at the first failure."""
        if self.failure and self.until_failure:
            item.session.shouldfail = "one failure is enough"


def _crash(report: Any) -> tuple[str, str]:
    crash = getattr(report, "reprcrash", None)
    if crash is not None:
        return crash.message, crash.path
    last_line = str(report).strip().rpartition("\n")[2]
    return last_line.removeprefix("E ").strip(), ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a run is told."""
    group = parser.getgroup("witness")
    group.addoption("--witness", metavar="FILE", help="where to write what happened")
    group.addoption("--witness-package", action="append", default=[], help="must be imported")
    group.addoption("--witness-name", action="append", default=[], help="a test to run")
    group.addoption("--witness-until-failure", action="store_true", help="stop at the first")


def pytest_configure(config: pytest.Config) -> None:
    """Make sure that the tests see the copy, and not what is installed."""
    for folder in map(Path, config.getoption("--witness-package")):
        found = Path(importlib.import_module(folder.name).__file__ or "").resolve()
        if not found.is_relative_to(folder):
            told = f"{found} is imported and not {folder}: nothing can be concluded"
            raise pytest.UsageError(told)
    names, until_failure = (
        config.getoption("--witness-name"),
        config.getoption("--witness-until-failure"),
    )
    config.pluginmanager.register(Witness(names, until_failure), "the witness")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what happened."""
    witness = session.config.pluginmanager.get_plugin("the witness")
    if isinstance(witness, Witness):
        testimony = Testimony(
            witness.outcomes, witness.failure, witness.uncollected, witness.seconds
        )
        testimony.save(Path(session.config.getoption("--witness")))
