"""What came of the marked tests, and of which run: a file that the plugin writes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from project_tools.score.mistakes import ScoreError

if TYPE_CHECKING:
    from pathlib import Path

PASSED = "passed"
RECENT = timedelta(days=8)  # a week, and a day for a runner that was late
# Variables that the host sets in each run: which of them says that a schedule began it, and its id.
HOSTS = {
    "GitHub": ("GITHUB_EVENT_NAME", "GITHUB_RUN_ID"),
    "GitLab": ("CI_PIPELINE_SOURCE", "CI_PIPELINE_ID"),
}


@dataclass(frozen=True)
class Run:
    """When and where tests ran. ``schedule`` names the host and the id of a scheduled run."""

    when: datetime
    commit: str = ""
    schedule: str = ""

    @classmethod
    def here(cls, project: Path, environment: Mapping[str, str] = os.environ) -> Run:
        """The run that is going on."""
        command = ["git", "rev-parse", "HEAD"]
        try:
            done = subprocess.run(
                command, cwd=project, capture_output=True, check=False, encoding="utf-8"
            )
        except OSError:
            return cls(datetime.now(UTC), "", _schedule(environment))
        return cls(datetime.now(UTC), done.stdout.strip(), _schedule(environment))

    def is_repeated(self, now: datetime) -> bool:
        """Whether a schedule began it, not long ago."""
        return bool(self.schedule) and timedelta() <= now - self.when <= RECENT


def _schedule(environment: Mapping[str, str]) -> str:
    for host, (begun_by, number) in HOSTS.items():
        if environment.get(begun_by) == "schedule" and environment.get(number):
            return f"{host} run {environment[number]}"
    return ""


@dataclass(frozen=True)
class Outcomes:
    """What came of each test, by the name that pytest gives it."""

    run: Run
    tests: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        content = asdict(self)
        content["run"]["when"] = self.run.when.isoformat()
        return content

    def save(self, file: Path) -> None:
        """Write ``file``."""
        text = json.dumps(self.as_dict(), indent=1) + "\n"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, file: Path) -> Outcomes:
        """Read ``file``, which may be the report of a score too.

        Raises:
            ScoreError: when it is not there, or was not written by the plugin.
        """
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            run = content["run"]
            when = datetime.fromisoformat(run["when"])
            tests = {str(name): str(outcome) for name, outcome in content["tests"].items()}
            return cls(Run(when.astimezone(UTC), run["commit"], run["schedule"]), tests)
        except OSError as error:
            raise ScoreError(f"{file}: cannot be read ({error.strerror}).") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wanted = "expected what `pytest -p project_tools.score.plugin` writes"
            raise ScoreError(f"{file}: {wanted} ({error!r}).") from error

    def of(self, test: str) -> str:
        """What came of a test with all its parameters: ``passed`` only if each of them did."""
        own = [outcome for name, outcome in self.tests.items() if name.partition("[")[0] == test]
        return next((one for one in own if one != PASSED), PASSED) if own else "did not run"
