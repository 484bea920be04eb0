"""Searches whose processes are killed: no trial is lost, and none counts twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import optuna
import postgres
import psutil
import pytest
from import_graph import PACKAGE
from kills import wait_until
from optuna.storages import RDBStorage
from project_copy import PATIENCE, ProjectCopy, Started

from {{ cookiecutter.package_name }}.search.storage import open_storage, quieten

pytestmark = [
    pytest.mark.slow,
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
]
TRIALS, MOST_KILLS = 7, 6
TUNE = (f"{PACKAGE}.search.tune", "search=quick", f"tune.trials={TRIALS}", "tune.quasi_random=4")
TUNE += ("tune.seeds=2", "tune.warmup=1", "trainer.max_epochs=8")
FOLDER = "runs/tune/quick"


@pytest.fixture(params=["journal", "postgresql"])
def address(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str | None]:
    """Where the study is kept: both have to stand the same kills."""
    if request.param == "journal":
        yield None
        return
    if postgres.programs() is None:
        pytest.skip("needs PostgreSQL (Debian: apt install postgresql)")
    with postgres.server() as found:
        monkeypatch.setenv("OPTUNA_STORAGE", found)
        yield found


def trials_in(copy: ProjectCopy, address: str | None = None) -> list[optuna.trial.FrozenTrial]:
    quieten()
    storage = open_storage(address, copy.folder / FOLDER)
    try:
        if "quick" not in optuna.get_all_study_names(storage):
            return []
        return optuna.load_study(study_name="quick", storage=storage).trials
    finally:
        storage.remove_session()
        if isinstance(storage, RDBStorage):
            storage.engine.dispose()


def facts(trials: list[optuna.trial.FrozenTrial]) -> list[Any]:
    return [(one.number, one.state.name, one.params, one.values) for one in trials]


def processes_of(tune: Started) -> list[psutil.Process]:
    """The trials that a `tune` has at work."""
    try:
        every = psutil.Process(tune.pid).children()
        return [one for one in every if any("search.trial" in word for word in one.cmdline())]
    except psutil.Error:
        return []


@pytest.fixture(scope="module")
def expected(undisturbed: ProjectCopy, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What a search that nobody disturbs comes to."""
    copy = undisturbed.copy(tmp_path_factory.mktemp("searched"))
    copy.run(*TUNE)
    return facts(trials_in(copy))


@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again_it_ends_as_if_it_had_not_been(
    seed: int, address: str | None, finished: ProjectCopy, expected: list[Any]
) -> None:
    random, kills = Random(seed), 0
    tune = finished.start(*TUNE, log=finished.beside / "log")
    while True:
        end = time.monotonic() + random.uniform(2, 14)
        while tune.poll() is None and (time.monotonic() < end or kills >= MOST_KILLS):
            time.sleep(0.05)
        if tune.poll() is not None:
            break
        kills += 1
        victims = processes_of(tune) if kills % 2 else []  # one of each `tune`, at most
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        if not victims:
            tune.kill()
            tune.wait(PATIENCE)
            tune = finished.start(*TUNE, log=finished.beside / "log")
    assert tune.returncode == 0, (finished.beside / "log").read_text("utf-8")
    assert facts(trials_in(finished, address)) == expected
    assert kills > 0


def test_ctrl_c_keeps_what_there_is_and_says_how_to_go_on(
    finished: ProjectCopy, expected: list[Any]
) -> None:
    log = finished.beside / "log"
    tune = finished.start(*TUNE, log=log)
    wait_until(lambda: any(one.intermediate_values for one in trials_in(finished)))
    tune.send_signal(signal.SIGINT)
    assert tune.wait(PATIENCE) == 130
    told = log.read_text("utf-8").splitlines()[-1]
    assert f"of {TRIALS} trials have ended, and 1 go on where they were: the same command" in told
    assert processes_of(tune) == []
    finished.run(*TUNE)
    assert facts(trials_in(finished)) == expected


def test_a_trial_without_memory_is_lost_alone(finished: ProjectCopy) -> None:
    tune = finished.start(*TUNE, log=finished.beside / "log")
    victims: set[int] = set()
    while tune.poll() is None and len(victims) < 2:  # the first trial, twice
        for one in processes_of(tune):
            if one.pid not in victims:
                victims.add(one.pid)
                one.send_signal(signal.SIGKILL)
        time.sleep(0.05)
    assert tune.wait(PATIENCE) == 0
    states = [one.state.name for one in trials_in(finished)]
    assert states[0] == "FAIL"
    assert set(states[1:]) <= {"COMPLETE", "PRUNED"}
    assert len(states) == TRIALS


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_two_machines_share_one_study(
    address: str, undisturbed: ProjectCopy, tmp_path: Path
) -> None:
    machines = [undisturbed.copy(tmp_path / name) for name in ("one", "other")]
    tunes: list[subprocess.Popen[bytes]] = [
        one.start(*TUNE, log=one.beside / "log") for one in machines
    ]
    for tune, one in zip(tunes, machines, strict=True):
        assert tune.wait(2 * PATIENCE) == 0, (one.beside / "log").read_text("utf-8")
    trials = trials_in(machines[0], address)
    assert TRIALS <= len(trials) <= TRIALS + 1  # both may begin the last one at once
    assert {one.state.name for one in trials} <= {"COMPLETE", "PRUNED"}
    pages = [one.folder / "reports/search.html" for one in machines]
    assert any(page.exists() for page in pages)  # whoever ends last judges
    own = [sorted(f.name for f in (one.folder / FOLDER).glob("quick-*")) for one in machines]
    assert sorted(own[0] + own[1]) == [f"quick-{one.number:04d}" for one in trials]
    assert own[0]
    assert own[1]
