"""What `dvc metrics` and `dvc plots` show of a finished pipeline."""

import json

import pytest
from project_copy import ProjectCopy

pytestmark = pytest.mark.slow


@pytest.mark.ml_test_score("infra-3")
def test_metrics_are_those_of_the_report(shared: ProjectCopy) -> None:
    shown = json.loads(shared.run("dvc", "metrics", "show", "--json").splitlines()[-1])
    summary = shown[""]["data"]["reports/summary.json"]["data"]
    metrics = json.loads((shared.folder / "reports" / "metrics.json").read_text("utf-8"))
    assert summary["accuracy"] == metrics["models"]["network"]["accuracy"]["value"]
    assert summary["rows"] == metrics["test_set"]["rows"]


def test_plots_hold_the_confusion_and_the_learning_curves(shared: ProjectCopy) -> None:
    shared.run("dvc", "plots", "show", "--out", str(shared.beside / "plots"))
    page = (shared.beside / "plots" / "index.html").read_text("utf-8")
    for words in ("prediction", "train/loss", "val/loss"):
        assert words in page
