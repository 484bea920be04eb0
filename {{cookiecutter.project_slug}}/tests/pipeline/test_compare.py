"""An experiment from its plan to its result, through the command and with real trainings."""

import json
import subprocess

import pytest
import yaml
from kills import kill, needs_sigkill, wait_until
from project_copy import ProjectCopy
from project_tools.claims import experiments as checked
from project_tools.claims import texts

pytestmark = [pytest.mark.slow, needs_sigkill]

COMPARE = "experiments.compare"
CHALLENGER = "b=optimizer.lr=0.00001"


def commit(copy: ProjectCopy, message: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for words in (["add", "--all"], [*who, "commit", "-qm", message]):
        subprocess.run(["git", *words], cwd=copy.folder, env=copy.environment, check=True)


@pytest.mark.full
def test_a_planned_experiment_survives_a_kill_and_passes_the_checks(finished: ProjectCopy) -> None:
    told = finished.verb(COMPARE, "--new", "slow", CHALLENGER, "seeds=2")
    assert "uv run compare slow" in told
    folder = finished.folder / "docs/experiments"
    plan = yaml.safe_load((folder / "slow.yaml").read_text("utf-8"))
    text = (folder / "slow.yaml").read_text("utf-8").replace('sis: ""', "sis: It learns nothing.")
    (folder / "slow.yaml").write_text(text, "utf-8")
    commit(finished, "docs: plan slow")

    first = finished.folder / "runs/compare-slow-a-seed0/models/network"
    started = finished.start(f"{finished.conf.parent.name}.{COMPARE}", "slow")
    wait_until((finished.folder / "runs/compare-slow-b-seed0/config.yaml").exists)
    kill(finished, started, "both")
    made = (first / "state.ckpt").stat().st_mtime_ns
    assert not (folder / "slow.json").exists()

    told = finished.verb(COMPARE, "slow", where="docs")
    assert (first / "state.ckpt").stat().st_mtime_ns == made  # and not trained again
    result = json.loads((folder / "slow.json").read_text("utf-8"))
    assert f"compare: {result['sentence']}" in told
    assert (result["seeds"], result["rows"]) == ([0, 1], plan["rows"])
    assert len(result["runs"]) == 2 * max(1, len(result["folds"]))
    assert any(entry["a"] != entry["b"] for entry in result["runs"])
    assert checked.check(finished.folder) == ([], [])
    assert texts.check(finished.folder, folder / "slow.md").problems == []
    commit(finished, "docs: result of slow")
    assert checked.check(finished.folder) == ([], [])
