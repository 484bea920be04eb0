"""Trials whose `tune` is gone: they go on here, or begin again where their machine was lost."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
from filelock import FileLock, Timeout
from optuna.trial import FrozenTrial, Trial, TrialState

from ..runtime.processes import is_in_use
from .study import ALIVE, DRIVER, LOST, WHY, open_trial

SECONDS_BETWEEN_SIGNS = 60.0  # of life, for other machines
SECONDS_TO_BE_LOST = 900.0  # without one


class Orphans:
    """Looks after the running trials of a study that no `tune` looks after.

    Every `tune` holds a lock as long as it lives. Trials on other machines are seen by the signs
    that are given for them, and not by locks.

    Args:
        study: whose trials they are.
        folder: of the study in this project.
    """

    def __init__(self, study: optuna.Study, folder: Path) -> None:
        self.study, self.folder, self.name = study, folder, uuid.uuid4().hex
        self._signed = time.monotonic()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the lock of this `tune`."""
        file = self._lock_of(self.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file):
            yield
        file.unlink(missing_ok=True)

    def folder_of(self, number: int) -> Path:
        """Where a trial has its files, if it runs in this project."""
        return self.folder / f"{self.folder.name}-{number:04d}"

    def claim(self, trial: Trial) -> None:
        """Note that this `tune` looks after a trial."""
        trial.set_user_attr(DRIVER, self.name)
        trial.set_user_attr(ALIVE, time.time())

    def give_signs(self, trials: list[Trial]) -> None:
        """Tell other machines now and then that ``trials`` are at work."""
        if time.monotonic() - self._signed >= SECONDS_BETWEEN_SIGNS:
            self._signed = time.monotonic()
            for trial in trials:
                trial.set_user_attr(ALIVE, time.time())

    def here(self, known: set[int]) -> list[FrozenTrial]:
        """Return the running trials of this project, but for ``known`` ones, without a `tune`.

        Some of them are still at work in their own process.
        """
        others = [one for one in self._running(known) if self.folder_of(one.number).exists()]
        return [one for one in others if not self._has_driver(one)]

    def left(self, known: set[int]) -> list[FrozenTrial]:
        """Return those of ``here`` that nobody works at."""
        return [one for one in self.here(known) if not is_in_use(self.folder_of(one.number))]

    def elsewhere(self, known: set[int]) -> list[FrozenTrial]:
        """Return the running trials that somebody else looks after."""
        own = {one.number for one in self.here(known)}
        return [one for one in self._running(known) if one.number not in own]

    def begin_lost_again(self, known: set[int]) -> list[int]:
        """Have trials of machines that give no sign begin again; return the numbers of the old."""
        lost: list[int] = []
        for frozen in self._running(known):
            silent = time.time() - float(frozen.user_attrs.get(ALIVE, time.time()))
            if self.folder_of(frozen.number).exists() or silent < SECONDS_TO_BE_LOST:
                continue
            trial = open_trial(self.study, frozen.number)
            trial.set_user_attr(LOST, True)
            trial.set_user_attr(WHY, "its machine gave no sign of life")
            self.study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
            self.study.enqueue_trial(frozen.params)
            lost.append(frozen.number)
        return lost

    def _running(self, known: set[int]) -> list[FrozenTrial]:
        every = self.study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        return [one for one in every if one.number not in known]

    def _has_driver(self, frozen: FrozenTrial) -> bool:
        lock = self._lock_of(str(frozen.user_attrs.get(DRIVER, "nobody")))
        if not lock.exists():
            return False
        try:
            with FileLock(lock).acquire(timeout=0):
                return False
        except Timeout:
            return True

    def _lock_of(self, name: str) -> Path:
        return self.folder / "drivers" / f"{name}.lock"
