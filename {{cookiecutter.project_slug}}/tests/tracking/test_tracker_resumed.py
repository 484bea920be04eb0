import time

import numpy as np
import pytest
from mlflow.types import Schema, TensorSpec
from tracked import NOBODY, client, history, recorded, runs, settings

from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.tracking.journal import journals
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

pytestmark = pytest.mark.usefixtures("here")


def interrupted(workspace: Workspace, uri: str | None) -> None:
    """A training that somebody stops after its third epoch."""
    with Tracker(settings(uri), workspace, "train") as tracker:
        for epoch in range(3):
            tracker.log({"val/loss": 1 / (epoch + 1)}, epoch)
        raise KeyboardInterrupt


@pytest.mark.parametrize("arrived", [True, False])
def test_a_resumed_training_goes_on_in_its_run_and_doubles_nothing(
    workspace: Workspace, arrived: bool
) -> None:
    project = workspace.project
    with pytest.raises(KeyboardInterrupt):
        interrupted(workspace, None if arrived else NOBODY)
    if arrived:
        (run,) = runs(client(project), "mine")
        assert run.info.status == "KILLED"
    for resumed, wanted in ((True, 1), (False, 2)):
        with Tracker(settings(), workspace, "train", resumed=resumed) as tracker:
            for epoch in range(1, 5):  # from the last checkpoint
                tracker.log({"val/loss": 1 / (epoch + 1)}, epoch)
            if resumed and arrived:
                assert [event["kind"] for _, event in journals(project)[0].events()][
                    -1
                ] == "metrics"
        assert len(runs(client(project), "mine")) == wanted
    first = min(runs(client(project), "mine"), key=lambda run: run.info.start_time)
    assert first.info.status == "FINISHED"
    steps = [step for step, *_ in history(client(project), first)["val/loss"]]
    assert steps == [0, 1, 2, 3, 4]
    assert journals(project) == []


@pytest.mark.slow
@pytest.mark.parametrize("arrived", [True, False])
def test_an_evaluation_that_is_stopped_leaves_the_end_of_its_training_as_it_was(
    workspace: Workspace, arrived: bool
) -> None:
    project, model = workspace.project, workspace.output / "models" / "network"
    model.mkdir(parents=True)
    (model / "state.ckpt").write_text("weights", "utf-8")
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "x")])
    with Tracker(settings(None if arrived else NOBODY), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
        tracker.log_model(model, (schema, schema), {"train": "123"}, ("numpy",))
    after = time.time_ns() // 1_000_000

    def evaluate() -> None:
        with Tracker(settings(), workspace, "evaluate") as tracker:
            tracker.join(model)
            tracker.log({"test/accuracy": 0.5})
            raise SystemExit

    with pytest.raises(SystemExit):
        evaluate()
    (run,) = runs(client(project), "mine")
    assert run.data.metrics == {"val/loss": 0.5, "test/accuracy": 0.5}
    assert (run.info.status, run.info.end_time <= after) == ("FINISHED", True)


def test_evaluation_goes_on_in_a_run_that_has_not_arrived_yet(workspace: Workspace) -> None:
    project, model = workspace.project, workspace.output / "models" / "network"
    model.mkdir(parents=True)
    (model / "state.ckpt").write_text("weights", "utf-8")
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "x")])
    with Tracker(settings(NOBODY), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
        tracker.log_model(model, (schema, schema), {"train": "123"}, ("numpy",))
    with Tracker(settings(), workspace, "evaluate") as tracker:
        tracker.join(model)
        tracker.log({"test/accuracy": 0.5})
    (run,) = runs(client(project), "mine")
    assert run.data.metrics == {"val/loss": 0.5, "test/accuracy": 0.5}
    assert recorded(project, run, "run.json")["verbs"] == ["train", "evaluate"]
    assert journals(project) == []
