"""That dependencies have changed is told: by Dependabot, and by workflows on a schedule."""

from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.ml_test_score("mon-1")
PROJECT = Path(__file__).parents[1]
# What the project depends on, by the file that says so, and what Dependabot calls it.
NAMED = {
    "uv.lock": "uv",
    ".github/workflows/check.yml": "github-actions",
    "Dockerfile": "docker",
    "compose.yaml": "docker-compose",
}


def workflow(name: str) -> Any:
    return yaml.safe_load((PROJECT / ".github/workflows" / name).read_text("utf-8"))


def commands(job: Any) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_a_bot_looks_at_every_kind_of_dependency_on_a_schedule() -> None:
    content = yaml.safe_load((PROJECT / ".github/dependabot.yml").read_text("utf-8"))
    looked_at = {update["package-ecosystem"]: update for update in content["updates"]}
    assert set(looked_at) == {kind for file, kind in NAMED.items() if (PROJECT / file).exists()}
    assert all(update["schedule"]["interval"] for update in looked_at.values())


@pytest.mark.parametrize("name", ["nightly.yml", "lock.yml"])
def test_workflows_begin_by_themselves(name: str) -> None:
    starts = workflow(name)[True]  # YAML takes the word `on` for a truth
    assert starts["schedule"][0]["cron"]


def test_every_night_newest_versions_are_tested_and_known_vulnerabilities_are_looked_for() -> None:
    jobs = workflow("nightly.yml")["jobs"]
    assert "uv lock --upgrade" in commands(jobs["newest"])
    assert "pytest" in commands(jobs["newest"])
    assert "uv audit" in commands(jobs["audit"])


def test_a_renewed_lock_is_tested_before_it_is_proposed() -> None:
    jobs = workflow("lock.yml")["jobs"]
    assert "uv lock --upgrade" in commands(jobs["refresh"])
    assert "pytest" in commands(jobs["refresh"])
    assert jobs["propose"]["needs"] == "refresh"
