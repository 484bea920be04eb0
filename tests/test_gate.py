"""The gate on the example's data, from the first model to the way back."""

import json
import re

import pytest

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def project(new_project):
    place = new_project("gate")
    place.run("uv", "run", "use", "gate.processes=6")
    return place


def judge(project, *choices):
    """Make the choices the project's own, run the pipeline, commit, and ask the gate."""
    project.run("uv", "run", "use", *choices)
    project.run("uv", "run", "dvc", "repro")
    project.commit()
    judged = project.attempt("uv", "run", "gate")
    project.commit()
    return judged.returncode, judged.stdout


def test_from_the_first_model_to_the_way_back(project):
    code, told = judge(project, "data.path=canvas12")
    assert code == 0, told
    assert re.search(r"gate: PROMOTE.*\ngate: version 1 against \w+: \+\d", told)

    # An equal one. With two seeds of forty a difference looks sure: 1 is such a seed.
    code, told = judge(project, "seed=2")
    assert code == 3
    assert "gate: INCONCLUSIVE" in told
    assert re.search(r"[\d,]+ rows would show a difference of the margin", told)
    assert "version 1 stays the champion" in told

    code, told = judge(project, "trainer.max_epochs=2")  # a deliberately bad one
    assert code == 3
    assert "gate: REJECT" in told
    assert re.search(r"slices +failed", told)

    assert (
        "version 1 is the first champion" in project.attempt("uv", "run", "gate", "rollback").stdout
    )
    decisions = sorted((project.folder / "records" / "decisions").glob("*.json"))
    verdicts = [json.loads(file.read_text("utf-8"))["verdict"] for file in decisions]
    assert verdicts == ["PROMOTE", "INCONCLUSIVE", "REJECT"]
    looks = (project.folder / "records" / "test_looks.jsonl").read_text("utf-8").splitlines()
    assert len(looks) == 3


def test_on_a_canvas_of_8_the_network_is_not_promoted(project, new_project):
    other = new_project("gate-of-8")
    code, told = judge(other, "data.path=canvas8", "gate.processes=6")
    assert code == 3, told
    assert "gate: PROMOTE" not in told
