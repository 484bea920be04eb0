"""Trials that end well, fail, are killed or left: with a stand-in for the training itself."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import optuna
import pytest
from optuna.trial import TrialState
from searches import Played

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search.driver import Driver
from {{ cookiecutter.package_name }}.search.orphans import Orphans
from {{ cookiecutter.package_name }}.search.process import SECONDS_TO_STOP
from {{ cookiecutter.package_name }}.search.space import Space
from {{ cookiecutter.package_name }}.search.study import (
    WHY,
    trials_of,
)
from {{ cookiecutter.package_name }}.search.trial import AT_WORK

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def states(study: optuna.Study) -> list[str]:
    return [one.state.name for one in trials_of(study)]


def test_as_many_trials_are_made_as_asked_for_each_once_and_no_more_at_a_time(
    drive: Callable[..., Driver], played: Played
) -> None:
    drive(trials=5).run()
    assert played.started == [0, 1, 2, 3, 4]
    assert states(played.study) == ["COMPLETE"] * 5
    assert {slot["SLOT"] for slot in played.environments} == {"0", "1"}


def test_more_can_be_asked_for_later(drive: Callable[..., Driver], played: Played) -> None:
    drive(trials=2).run()
    drive(trials=2).run()
    assert played.started == [0, 1]
    drive(trials=3).run()
    assert played.started == [0, 1, 2]


def test_a_trial_is_told_its_parameters_over_what_all_have(
    drive: Callable[..., Driver], space: Space, tmp_path: Path
) -> None:
    drive(trials=1).run()
    text = (tmp_path / "toy/toy-0000/order.json").read_text("utf-8")
    assert '"model.a=1"' in text
    assert all(f'"{key}=' in text for key in space)


@needs_signals
def test_a_killed_trial_goes_on_and_counts_once(
    drive: Callable[..., Driver], played: Played, told: list[str]
) -> None:
    played.codes[0] = ["import os; os.kill(os.getpid(), 9)"]
    drive(trials=3).run()
    assert sorted(played.started) == [0, 0, 1, 2]
    assert states(played.study) == ["COMPLETE"] * 3
    assert "trial 0 was killed by SIGKILL, and goes on" in told


@needs_signals
def test_one_that_is_killed_again_has_failed_and_the_others_go_on(
    drive: Callable[..., Driver], played: Played
) -> None:
    played.codes[1] = 2 * ["import os; os.kill(os.getpid(), 9)"]
    drive(trials=3).run()
    assert states(played.study) == ["COMPLETE", "FAIL", "COMPLETE"]
    why = "killed by SIGKILL 2 times: was there too little memory?"
    assert played.study.trials[1].user_attrs[WHY] == why


@needs_signals
def test_one_that_gets_further_each_time_goes_on_as_often_as_it_is_killed(
    drive: Callable[..., Driver], played: Played
) -> None:
    played.codes[0] = 4 * ["import os; os.kill(os.getpid(), 9)"]
    played.steps = True
    drive(trials=1, slots=1).run()
    assert played.started == [0] * 5
    assert states(played.study)[0] == "COMPLETE"


def test_one_that_fails_says_why_and_the_others_go_on(
    drive: Callable[..., Driver], played: Played, told: list[str]
) -> None:
    played.codes[0] = ["raise SystemExit(1)"]
    drive(trials=3, slots=1).run()
    assert states(played.study) == ["FAIL", "COMPLETE", "COMPLETE"]
    assert any(line.startswith("trial 0 fail (no memory left), ") for line in told)


def test_where_the_first_ones_only_fail_nothing_else_is_tried(
    drive: Callable[..., Driver], played: Played
) -> None:
    played.failing = True
    with pytest.raises(UserError, match="the first 3 trials failed, the last one: no memory left"):
        drive(trials=9, slots=1).run()
    assert played.started == [0, 1, 2]


def test_one_that_another_process_is_at_is_left_to_it(
    drive: Callable[..., Driver], played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.codes[0] = [f"raise SystemExit({AT_WORK})"]
    monkeypatch.setattr(Orphans, "here", Mock(return_value=[]))
    drive(trials=2).run()
    assert states(played.study) == ["RUNNING", "COMPLETE"]


def test_trials_of_a_tune_that_was_killed_go_on_before_new_ones_begin(
    drive: Callable[..., Driver], played: Played, told: list[str]
) -> None:
    played.codes[0] = ["import time; time.sleep(600)"]
    dead = drive(trials=1)
    dead._fill()
    dead.running[0].process.kill()
    dead.running[0].process.wait()
    drive(trials=3, slots=1).run()
    assert played.started == [0, 0, 1, 2]
    assert states(played.study) == ["COMPLETE"] * 3
    assert told.count("trial 0 goes on") == 1


@pytest.mark.slow
@needs_signals
def test_a_signal_stops_the_trials_which_are_kept_for_the_next_time(
    drive: Callable[..., Driver], played: Played
) -> None:
    played.codes[0] = ["import time; time.sleep(600)"]
    driver = drive(trials=4, slots=1)
    before = signal.getsignal(signal.SIGTERM)
    stopper = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM))
    stopper.start()
    began = time.monotonic()
    driver.run()
    assert driver.stopped == "SIGTERM"
    assert time.monotonic() - began < SECONDS_TO_STOP  # or it would have been killed
    assert played.study.trials[0].state == TrialState.RUNNING
    assert signal.getsignal(signal.SIGTERM) == before
    drive(trials=4, slots=1).run()
    assert states(played.study) == ["COMPLETE"] * 4
