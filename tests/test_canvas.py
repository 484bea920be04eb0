"""The claim of the example data: on a canvas of 12 pixels the network wins, on 8 it does not."""

import json
import math
from statistics import mean, stdev

import pytest

pytestmark = pytest.mark.full

SEEDS = range(5)
T_QUANTILE = 2.776  # Student's t with 4 degrees of freedom, 97.5 %


@pytest.fixture(scope="module")
def project(new_project):
    return new_project("canvas")


def metrics_by_seed(project, canvas):
    """Run the pipeline once per seed, with the commands of the project."""
    for seed in SEEDS:
        project.run("uv", "run", "use", f"data.path=canvas{canvas}", f"seed={seed}")
        project.run("uv", "run", "dvc", "repro")
        yield json.loads((project.folder / "reports" / "metrics.json").read_text("utf-8"))


def lower_bound(differences):
    """Of the 95 % interval for the mean of paired differences."""
    return mean(differences) - T_QUANTILE * stdev(differences) / math.sqrt(len(differences))


def test_on_a_canvas_of_12_the_network_beats_every_baseline(project):
    accuracies = [
        {name: model["accuracy"]["value"] for name, model in metrics["models"].items()}
        for metrics in metrics_by_seed(project, 12)
    ]
    baselines = accuracies[0].keys() - {"network"}
    bounds = {
        name: lower_bound([seed["network"] - seed[name] for seed in accuracies])
        for name in baselines
    }
    assert len(bounds) >= 5
    assert all(bound > 0 for bound in bounds.values()), bounds


def test_on_a_canvas_of_8_no_report_claims_a_win(project):
    verdicts = [metrics["verdict"] for metrics in metrics_by_seed(project, 8)]
    assert len(verdicts) == len(SEEDS)
    assert "better" not in verdicts, verdicts
