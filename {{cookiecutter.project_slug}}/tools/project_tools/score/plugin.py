"""A plugin for pytest: writes down what came of the tests with a mark `ml_test_score`.

`pytest -p project_tools.score.plugin --ml-test-score=FILE`, with or without pytest-xdist.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from project_tools.score.marks import MARK
from project_tools.score.outcomes import PASSED, Outcomes, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_OUT = "deselected"


class Recorder:
    """The hooks of one run; with pytest-xdist, of each of its processes."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self.config, self.file = config, file
        self.tests: dict[str, str] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let each report say that its test has the mark."""
        if item.get_closest_marker(MARK):
            item.user_properties.append((MARK, True))

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """What was left out shows nothing."""
        self.tests |= {item.nodeid: LEFT_OUT for item in items if item.get_closest_marker(MARK)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the worst that came of a test: of its set-up, itself, its tear-down."""
        if (MARK, True) not in [tuple(one) for one in report.user_properties]:
            return
        outcome = "xfail" if hasattr(report, "wasxfail") else report.outcome
        if self.tests.get(report.nodeid, PASSED) == PASSED:
            self.tests[report.nodeid] = outcome

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear from a process what was left out there."""
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        self.tests |= dict(output.get(MARK, {}))

    def pytest_sessionfinish(self) -> None:
        """Write the file; a process of pytest-xdist tells the one that started it."""
        if hasattr(self.config, "workeroutput"):
            left_out = {test: LEFT_OUT for test, one in self.tests.items() if one == LEFT_OUT}
            self.config.workeroutput[MARK] = left_out
        else:
            Outcomes(Run.here(self.config.rootpath), self.tests).save(self.file)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write what happened."""
    text = "write what came of the tests with the mark ml_test_score"
    parser.addoption("--ml-test-score", metavar="FILE", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    if file := config.getoption("--ml-test-score"):
        recorder = Recorder(config, Path(config.invocation_params.dir, file))
        config.pluginmanager.register(recorder, "the ML Test Score")
