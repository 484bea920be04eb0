"""One trial in this process: what it tells the study, and what it leaves."""

import json
import sys
from pathlib import Path

import optuna
import pytest
from calling import Invoke
from filelock import FileLock
from optuna.trial import TrialState
from searches import SHORT

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.runtime.composition import merge_overrides
from {{ cookiecutter.package_name }}.search import trial as trials
from {{ cookiecutter.package_name }}.search.storage import open_storage
from {{ cookiecutter.package_name }}.search.study import (
    EPOCHS,
    SECONDS,
    WHY,
    Terms,
    begin_or_join,
)
from {{ cookiecutter.package_name }}.search.training import Outcome
from {{ cookiecutter.package_name }}.search.trial import AT_WORK, Order, tell

PARAMS = {"optimizer.lr": 0.0123}


@pytest.fixture
def study(ready: Path, terms: Terms) -> optuna.Study:
    storage = open_storage(None, ready / "runs/tune/toy")
    made = begin_or_join(storage, "toy", terms, None, 1, seed=0)
    made.ask()
    return made


def order(project: Path, *overrides: str, pruner: str = "none") -> Path:
    folder = project / "runs/tune/toy/toy-0000"
    told = merge_overrides(SHORT, ["optimizer.lr=0.0123", *overrides])
    Order("toy", 0, told, "val/loss", pruner, 0, 4, "").save(folder)
    return folder


def carry_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["trial", str(folder)])
    trials.main()


@pytest.mark.slow
def test_a_trial_tells_what_train_would_keep_and_leaves_no_work_behind(
    ready: Path, study: optuna.Study, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = order(ready)
    carry_out(folder, monkeypatch)
    (ended,) = study.trials
    invoke(train.main, "run=same", *merge_overrides(SHORT, ["optimizer.lr=0.0123"]))
    model = ready / "runs/same/models/network/model.json"
    assert ended.value == json.loads(model.read_text("utf-8"))["validation"]["val/loss"]
    assert (ended.state, ended.user_attrs[EPOCHS]) == (TrialState.COMPLETE, 4)
    assert ended.user_attrs[SECONDS] > 0
    assert list(ended.intermediate_values) == [1, 2, 3, 4]
    assert not (folder / "scratch").exists()


@pytest.mark.slow
def test_one_that_was_killed_goes_on_to_the_same_value(
    ready: Path, study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    folder = order(ready)
    with monkeypatch.context() as dying:
        dying.setattr(trials, "tell", die)
        with pytest.raises(KilledError):
            carry_out(folder, monkeypatch)
    assert study.trials[0].state == TrialState.RUNNING
    before = (folder / "scratch/training/all/history.csv").read_text("utf-8")
    carry_out(folder, monkeypatch)
    losses = [float(line.split(",")[-1]) for line in before.splitlines()[1:]]
    assert study.trials[0].value == pytest.approx(min(losses))


def test_one_that_another_process_is_at_is_left_to_it(
    ready: Path, study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = order(ready)
    with FileLock(folder / ".lock"), pytest.raises(SystemExit) as caught:
        carry_out(folder, monkeypatch)
    assert caught.value.code == AT_WORK
    assert study.trials[0].state == TrialState.RUNNING


def test_a_mistake_is_one_line_and_tells_the_study_nothing(
    ready: Path, study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = order(ready, "optimizer.lr=-1")
    with pytest.raises(SystemExit, match=r"^trial: optimizer\.lr=-1\.0: expected a number above 0"):
        carry_out(folder, monkeypatch)
    assert study.trials[0].state == TrialState.RUNNING


def test_what_has_ended_is_not_told_twice(study: optuna.Study) -> None:
    trial = optuna.trial.Trial(study, study.trials[0]._trial_id)
    tell(trial, Outcome("PRUNED", None, 3, "diverged"), 1.0)
    assert study.trials[0].user_attrs[WHY] == "diverged"
    other = study.ask()
    study.tell(other, 1.0)
    tell(other, Outcome("COMPLETE", 2.0, 3), 1.0)
    assert study.trials[1].value == 1.0
