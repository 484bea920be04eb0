import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest

from {{ cookiecutter.package_name }}.search import orphans
from {{ cookiecutter.package_name }}.search.orphans import Orphans
from {{ cookiecutter.package_name }}.search.space import Space
from {{ cookiecutter.package_name }}.search.study import ALIVE, ask, trials_of

WORK = """
import sys, time
from pathlib import Path
from filelock import FileLock
with FileLock(sys.argv[1]):
    Path(sys.argv[2]).touch()
    time.sleep(600)
"""


@pytest.fixture
def here(begun: optuna.Study, tmp_path: Path) -> Orphans:
    return Orphans(begun, tmp_path / "toy")


def begin(here: Orphans, space: Space, *, locally: bool = True) -> int:
    """A trial that another `tune` has begun, of this project or not."""
    other = Orphans(here.study, here.folder)
    trial = ask(here.study, space, 4, seed=0)
    other.claim(trial)
    if locally:
        here.folder_of(trial.number).mkdir(parents=True)
    return trial.number


def numbers(some: list[optuna.trial.FrozenTrial]) -> list[int]:
    return [one.number for one in some]


def test_a_trial_whose_tune_is_gone_is_gone_on_with(here: Orphans, space: Space) -> None:
    number = begin(here, space)
    assert numbers(here.left(set())) == [number]
    assert numbers(here.left({number})) == []  # it is ours by now


def test_one_whose_own_process_still_works_is_waited_for(
    here: Orphans, space: Space, tmp_path: Path
) -> None:
    number = begin(here, space)
    lock, ready = here.folder_of(number) / ".lock", tmp_path / "ready"
    worker = subprocess.Popen([sys.executable, "-c", WORK, str(lock), str(ready)])
    try:
        while not ready.exists():
            time.sleep(0.01)
        assert numbers(here.left(set())) == []
        assert numbers(here.here(set())) == [number]
    finally:
        worker.kill()
        worker.wait()
    assert numbers(here.left(set())) == [number]


def test_one_of_a_living_tune_is_left_to_it(here: Orphans, space: Space) -> None:
    other = Orphans(here.study, here.folder)
    with other.at_work():
        trial = ask(here.study, space, 4, seed=0)
        other.claim(trial)
        here.folder_of(trial.number).mkdir(parents=True)
        assert here.here(set()) == []
        assert numbers(here.elsewhere(set())) == [trial.number]
    assert list((here.folder / "drivers").glob("*.lock")) == []


def test_one_on_another_machine_is_left_alone_as_long_as_it_gives_signs(
    here: Orphans, space: Space
) -> None:
    number = begin(here, space, locally=False)
    assert here.begin_lost_again(set()) == []
    assert here.left(set()) == []
    assert numbers(here.elsewhere(set())) == [number]


def test_one_of_a_lost_machine_begins_again_and_counts_once(
    here: Orphans, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begin(here, space, locally=False)
    params = here.study.trials[number].params
    monkeypatch.setattr(orphans, "SECONDS_TO_BE_LOST", -1.0)
    assert here.begin_lost_again(set()) == [number]
    assert here.begin_lost_again(set()) == []
    again = [one for one in here.study.trials if one.state.name == "WAITING"]
    assert params in [one.system_attrs["fixed_params"] for one in again]
    assert number not in numbers(trials_of(here.study))


def test_signs_are_given_now_and_then(
    here: Orphans, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = ask(here.study, space, 4, seed=0)
    here.give_signs([trial])
    assert ALIVE not in here.study.trials[trial.number].user_attrs
    monkeypatch.setattr(orphans, "SECONDS_BETWEEN_SIGNS", 0.0)
    here.give_signs([trial])
    assert here.study.trials[trial.number].user_attrs[ALIVE] == pytest.approx(time.time(), abs=60)


def test_a_lock_that_a_killed_tune_has_left_is_no_sign_of_life(here: Orphans, space: Space) -> None:
    other = Orphans(here.study, here.folder)
    trial = ask(here.study, space, 4, seed=0)
    other.claim(trial)
    here.folder_of(trial.number).mkdir(parents=True)
    (here.folder / "drivers").mkdir()
    lock = here.folder / "drivers" / f"{other.name}.lock"
    lock.touch()
    assert numbers(here.left(set())) == [trial.number]
