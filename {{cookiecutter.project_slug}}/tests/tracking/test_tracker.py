import json
import subprocess
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pytest
from kit_facts import raw_examples
from tracked import client, recorded, runs, settings

from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.runtime.errors import PreemptedError
from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash
from {{ cookiecutter.package_name }}.tracking.record import LONGEST_PARAMETER
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

pytestmark = pytest.mark.usefixtures("here")


def artifacts(project: Path, run: Any) -> set[str]:
    found, names, folders = client(project), set(), [""]
    while folders:
        for entry in found.list_artifacts(run.info.run_id, folders.pop()):
            (folders.append if entry.is_dir else names.add)(entry.path)
    return names


def test_the_pipeline_is_one_run_with_what_made_it(pipeline: Path) -> None:
    (run,) = runs(client(pipeline), "pipeline")
    assert run.info.status == "FINISHED"
    assert run.data.params["trainer.max_epochs"] == "3"
    assert run.data.params["optimizer._target_"] == "torch.optim.AdamW"
    hashes = Manifest.load(pipeline / "data" / "prepared").hashes
    assert {name: run.data.tags[f"data_hash_{name}"] for name in hashes} == hashes
    assert run.data.tags["model_hash"] == file_hash(pipeline / "models" / "network" / "state.ckpt")
    assert {"params.yaml", "code/params.yaml", "code/run.json"} <= artifacts(pipeline, run)


def test_epochs_are_steps_and_evaluation_joins_the_run_of_the_training(pipeline: Path) -> None:
    (run,) = runs(client(pipeline), "pipeline")
    losses = client(pipeline).get_metric_history(run.info.run_id, "val/loss")
    assert [entry.step for entry in losses] == [0, 1, 2]
    assert {"train/loss", "val/accuracy"} <= set(run.data.metrics)
    models = json.loads((pipeline / "reports" / "metrics.json").read_text("utf-8"))["models"]
    for name, entry in models["network"].items():
        assert run.data.metrics[f"test/{name}"] == entry["value"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_logged_model_predicts_and_carries_its_signature(pipeline: Path) -> None:
    (run,) = runs(client(pipeline), "pipeline")
    (model,) = client(pipeline).search_logged_models([run.info.experiment_id])
    loaded = mlflow.pyfunc.load_model(model.artifact_location)
    own = Predictor(pipeline / "models" / "network")
    given, expected = raw_examples(pipeline)
    np.testing.assert_allclose(np.asarray(loaded.predict(given)), expected, atol=1e-6)
    signature = loaded.metadata.signature
    assert signature.inputs is not None
    assert signature.outputs.inputs[0].shape == (-1, len(own.classes))


def test_a_run_holds_its_configuration_and_the_code_beyond_its_commit(workspace: Workspace) -> None:
    project = workspace.project
    (project / ".gitignore").write_text("/runs\n/ml*\n", "utf-8")
    for arguments in ("init", "add .", "-c user.name=A -c user.email=a@b.c commit -m first"):
        subprocess.run(["git", *arguments.split()], cwd=project, check=True, capture_output=True)
    (project / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    (project / "src").mkdir()
    (project / "src" / "new.py").touch()
    with Tracker(settings(), workspace, "train") as tracker:
        (project / "src" / "made_while_it_ran.py").touch()
        tracker.log({"val/loss": 0.5}, 7)
    (run,) = runs(client(project), "mine")
    assert run.data.params == {"seed": "3", "a.b": "x" * LONGEST_PARAMETER, "none": "None"}
    code = {"code/run.json", "code/diff.patch", "code/new/src/new.py"}
    assert artifacts(project, run) == {"config.yaml", *code}
    assert (len(run.data.tags["git_commit"]), run.data.tags["git_dirty"]) == (40, "true")
    assert run.data.metrics == {"val/loss": 0.5}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LookupError("lost"), "FAILED"),
        (SystemExit(), "KILLED"),
        (PreemptedError("SIGTERM", "stopped"), "KILLED"),
    ],
    ids=repr,
)
def test_a_run_that_fails_or_is_stopped_is_marked(
    workspace: Workspace, error: BaseException, status: str
) -> None:
    def fail() -> None:
        with Tracker(settings(), workspace, "train") as tracker:
            tracker.log({"val/loss": 0.5}, 0)
            raise error

    with pytest.raises(type(error)):
        fail()
    assert [run.info.status for run in runs(client(workspace.project), "mine")] == [status]


def test_joining_an_unknown_model_opens_a_run_of_its_own(workspace: Workspace) -> None:
    (workspace.output / "state.ckpt").write_text("unknown", "utf-8")
    with Tracker(settings(), workspace, "evaluate") as tracker:
        tracker.join(workspace.output)
        tracker.log({"test/accuracy": 0.5})
    (run,) = runs(client(workspace.project), "mine")
    assert run.data.metrics == {"test/accuracy": 0.5}


def test_evaluation_records_anew_what_it_was_made_from_unless_the_code_has_changed(
    workspace: Workspace,
) -> None:
    project, model = workspace.project, workspace.output
    (model / "state.ckpt").write_text("known", "utf-8")
    (project / ".gitignore").write_text("/runs\n/ml*\n", "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    with Tracker(settings(), workspace, "train") as tracker:
        tracker.log({"val/loss": 0.5}, 0)
    (run,) = runs(client(project), "mine")
    client(project).set_tag(run.info.run_id, "model_hash", file_hash(model / "state.ckpt"))
    assert recorded(project, run, "run.json")["verbs"] == ["train"]
    for lock, code in (("second", "A = 1\n"), ("third", "A = 2\n")):
        (project / "dvc.lock").write_text(json.dumps(lock), "utf-8")
        with Tracker(settings(), workspace, "evaluate") as tracker:
            tracker.join(model)
        assert recorded(project, run, "run.json")["verbs"] == ["evaluate"]
        assert recorded(project, run, "dvc.lock") == "second"
        (project / "new.py").write_text(code, "utf-8")
