"""`train trainer=ddp`, for real, in two processes on the CPU: one run, and the usual numbers.

tests/training/test_several_processes.py compares them with one process.
"""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from import_graph import PACKAGE
from kills import needs_sigkill, wait_until
from project_copy import PATIENCE, ProjectCopy, new_copy
from test_train_settings import copy_inputs

from {{ cookiecutter.package_name }}.predictions import Predictions

pytestmark = [pytest.mark.slow, needs_sigkill]
TWO = ["trainer=ddp", "trainer.accelerator=cpu", "trainer.precision=32-true", "trainer.devices=2"]
UNEVEN = ["data.batch_size=13", "trainer.class_weights=none", "trainer.max_epochs=3"]


@pytest.fixture
def copy(prepared: Path, tmp_path: Path) -> ProjectCopy:
    made = new_copy(tmp_path)
    copy_inputs(prepared, made.folder)
    return made


@pytest.mark.full
def test_a_signal_to_the_first_process_stops_all_and_the_run_goes_on(copy: ProjectCopy) -> None:
    long = [*UNEVEN, "trainer.max_epochs=150", "trainer.patience=150", "tracking.enabled=true"]
    training = copy.start(f"{PACKAGE}.train", "run=two", *TWO, *long)
    wait_until(lambda: any(copy.folder.glob("runs/two/scratch/training/*/history.csv")))
    training.send_signal(signal.SIGTERM)
    assert training.wait(PATIENCE) == 75
    with closing(sqlite3.connect(copy.folder / "mlflow.db")) as database:
        assert database.execute("SELECT status FROM runs").fetchall() == [("KILLED",)]
    copy.verb("train", "run=two", "resume=auto", "trainer.checkpoints.steps=5")
    assert (copy.folder / "runs/two/models/network/model.json").is_file()


def test_two_processes_make_one_run_whose_metrics_are_those_of_its_predictions(
    copy: ProjectCopy,
) -> None:
    printed = copy.verb("train", "run=two", *TWO, *UNEVEN, "tracking.enabled=true")
    assert printed.count("train: best epoch") == 1
    copy.verb("score", "run=two")
    runs = {folder.name for folder in (copy.folder / "runs").iterdir() if folder.is_dir()}
    assert runs - {"stages", "tracking"} == {"two"}
    with closing(sqlite3.connect(copy.folder / "mlflow.db")) as database:
        assert database.execute("SELECT status, count(*) FROM runs").fetchall() == [("FINISHED", 1)]
    made = copy.folder / "runs" / "two"
    validation = json.loads((made / "models/network/model.json").read_text("utf-8"))["validation"]
    table = Predictions.load(made / "predictions/network/val.parquet")
    assert validation["val/accuracy"] == pytest.approx(table.correct.mean(), abs=1e-6)
    chosen = table.outputs[np.arange(len(table.targets)), table.targets]
    assert validation["val/loss"] == pytest.approx(-np.log(chosen).mean(), rel=1e-5)
