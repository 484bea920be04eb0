"""The ML Test Score of fresh projects, by the command that people run."""

import json
from dataclasses import replace

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.full]  # minutes of tests in each


@pytest.fixture(scope="module", params=["image", "tabular"])
def project(request, new_project):
    return new_project(f"score-{request.param}", kit=request.param, scope="service", ci="github")


def report(project):
    return json.loads((project.folder / "reports/ml_test_score.json").read_text("utf-8"))


def test_a_fresh_service_has_two_points_by_hand_and_four_by_a_schedule(project):
    """Its records expire (docs/evidence/example.toml of each kit): then somebody looks again."""
    printed = project.run("uv", "run", "ml-test-score", "--at-least", "2")
    found = report(project)
    assert f"ML Test Score: {found['score']:g}" in printed
    assert found["score"] >= 2
    assert found["projected"] >= 4
    by_schedule = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_RUN_ID": "12"}
    nightly = replace(project, environment={**project.environment, **by_schedule})
    nightly.run("uv", "run", "ml-test-score", "--at-least", "4")
    assert report(project)["run"]["schedule"] == "GitHub run 12"
