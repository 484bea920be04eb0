"""A real project of tables: its pipeline, as it is on day zero."""

import json
import re

import pytest

pytestmark = pytest.mark.slow

CHECKS = [["ruff", "check"], ["ruff", "format", "--check"], ["pyrefly", "check"]]


@pytest.fixture(scope="module")
def project(new_project):
    return new_project("tables", kit="tabular")


@pytest.fixture(scope="module")
def output(project):
    """What the pipeline prints, run as the README says."""
    return project.run("uv", "run", "dvc", "repro")


@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_a_fresh_project_passes_its_static_checks(project, check):
    project.run("uv", "run", *check)


def test_the_pipeline_gives_an_honest_result_for_the_table_that_comes_along(project, output):
    metrics = json.loads((project.folder / "reports" / "metrics.json").read_text("utf-8"))
    assert metrics["test_set"]["rows"] == 569
    assert metrics["test_set"]["folds"] == 5
    assert 0.95 <= metrics["models"]["network"]["accuracy"]["value"] < 1
    assert set(metrics["models"]) == {
        "network",
        "dummy",
        "linear",
        "knn",
        "random_forest",
        "boosted_trees",
    }
    assert metrics["verdict"] == "no_difference"
    assert metrics["headline"] in output


def test_a_second_run_does_nothing(project, output):
    assert "Running stage" not in project.run("uv", "run", "dvc", "repro")


def test_a_model_that_is_not_better_for_sure_does_not_get_into_use(project, output):
    refused = project.attempt("uv", "run", "gate")
    assert refused.returncode == 1
    assert "not committed" in refused.stdout or "no commit yet" in refused.stdout
    project.commit()
    judged = project.attempt("uv", "run", "gate")
    assert judged.returncode == 3
    assert "gate: INCONCLUSIVE" in judged.stdout
    assert re.search(r"[\d,]+ rows would show a difference of the margin", judged.stdout)
    assert "champion   none" in project.run("uv", "run", "gate", "show")


def test_a_person_can_look_at_the_data(project, output):
    assert "reports/data.html" in project.run("uv", "run", "explore").replace("\\", "/")
    page = (project.folder / "reports" / "data.html").read_text(encoding="utf-8")
    assert "569 rows" in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
