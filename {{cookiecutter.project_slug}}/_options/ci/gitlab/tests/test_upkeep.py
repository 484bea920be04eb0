"""That dependencies have changed is told: by Renovate, and by jobs on a schedule."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.ml_test_score("mon-1")
PROJECT = Path(__file__).parents[1]


def jobs() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / ".gitlab/ci/upkeep.yml").read_text("utf-8"))


def rules(job: Any) -> str:
    return " ".join(rule["if"] for rule in job["rules"])


def test_a_bot_proposes_what_is_newer_and_tells_what_is_vulnerable() -> None:
    settings = json.loads((PROJECT / "renovate.json").read_text("utf-8"))
    assert "config:recommended" in settings["extends"]
    assert settings["vulnerabilityAlerts"]["enabled"]
    assert settings["osvVulnerabilityAlerts"]


def test_every_night_newest_versions_are_tested_and_known_vulnerabilities_are_looked_for() -> None:
    newest, known = jobs()["newest dependencies"], jobs()["known vulnerabilities"]
    assert "$NIGHTLY" in rules(newest)
    assert "$NIGHTLY" in rules(known)
    assert "uv lock --upgrade" in newest["script"]
    assert any("pytest" in line for line in newest["script"])
    assert any("uv audit" in line for line in known["script"])


def test_a_renewed_lock_is_tested_before_it_is_proposed() -> None:
    refresh, propose = jobs()["refresh lock"], jobs()["propose lock"]
    assert "$REFRESH_LOCK" in rules(refresh)
    assert any("pytest" in line for line in refresh["script"])
    assert propose["needs"] == ["refresh lock"]
