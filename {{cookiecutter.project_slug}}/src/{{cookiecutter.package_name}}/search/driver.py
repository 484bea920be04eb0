"""Keeps as many trials at work as there are workers, each in a process of its own.

Whoever is killed, a trial or this: trials stay in the study as running, and the next `tune` in this
project goes on with them from their last checkpoint. No trial is lost, and none counts twice.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import optuna
from optuna.trial import FrozenTrial, Trial, TrialState

from ..runtime.errors import UserError
from ..runtime.processes import SIGNALS
from .orphans import Orphans
from .process import Running, killed_by, last_words, start, stop
from .space import Space, overrides_of
from .study import ENDED, WHY, ask, go_on, trials_of
from .trial import AT_WORK, LOG, Order

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_BETWEEN_FILLINGS = 1.0  # a database is asked each time
SECONDS_BETWEEN_SEARCHES = 10.0  # for trials whose `tune` is gone
INTERRUPTED = (75, 130)  # exit codes of a training that can be gone on with
MOST_KILLS = 2  # of one trial that gets no further, before it counts as failed
FAILURES = 3  # at the beginning, after which nothing else is tried


@dataclass(frozen=True)
class Search:
    """What is searched, and with how much effort."""

    space: Space
    trials: int  # in all
    points: int  # of the even design at the beginning
    seed: int  # of what is drawn at random
    slots: list[dict[str, str]]  # for each worker what its trials find in their environment


@dataclass
class Driver:
    """Works at a study on this machine.

    Args:
        study: whose trials they are.
        search: what is to be done.
        orphans: what became of earlier ones.
        order: what each trial is told, but for its number and parameters.
        tell: is given a line when something happened, and "" now and then.
    """

    study: optuna.Study
    search: Search
    orphans: Orphans
    order: Order
    tell: Callable[[str], None]
    running: dict[int, Running] = field(default_factory=dict)  # by number
    stopped: str = ""  # the signal
    _searched: float = -SECONDS_BETWEEN_SEARCHES
    _filled: float = -SECONDS_BETWEEN_SEARCHES

    def run(self) -> None:
        """Work until every trial has ended that is to be made here, or a signal says stop."""
        with self.orphans.at_work(), self._listening():
            try:
                while not self.stopped:
                    ended = self._reap()
                    if ended or time.monotonic() - self._filled >= SECONDS_BETWEEN_FILLINGS:
                        self._fill()
                        self._filled = time.monotonic()
                    if not self.running and not self.orphans.here(set()):
                        break
                    self.orphans.give_signs([one.trial for one in self.running.values()])
                    self.tell("")
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            finally:
                stop(self.running.values())

    def _fill(self) -> None:
        for trial in self._left():
            self.tell(f"trial {trial.number} goes on")
            self._start(trial)
        while self._free():
            begun = [one for one in trials_of(self.study) if one.state != TrialState.WAITING]
            self._require_some_success(begun)
            if len(begun) >= self.search.trials:
                return
            search = self.search
            self._start(ask(self.study, search.space, search.points, search.seed))

    def _left(self) -> list[Trial]:
        """Return trials to go on with, as many as there is room for."""
        now = time.monotonic()
        if not self._free() or now - self._searched < SECONDS_BETWEEN_SEARCHES:
            return []
        self._searched, known = now, set(self.running)
        for number in self.orphans.begin_lost_again(known):
            self.tell(f"trial {number} begins again: its machine gave no sign of life")
        left = self.orphans.left(known)[: len(self._free())]
        space, points, seed = self.search.space, self.search.points, self.search.seed
        return [go_on(self.study, one.number, space, points, seed) for one in left]

    def _free(self) -> list[int]:
        used = {one.slot for one in self.running.values()}
        return [slot for slot in range(len(self.search.slots)) if slot not in used]

    def _start(self, trial: Trial, kills: int = 0) -> None:
        self.orphans.claim(trial)
        slot, folder = self._free()[0], self.orphans.folder_of(trial.number)
        overrides = [*self.order.overrides, *overrides_of(trial.params)]
        order = replace(self.order, number=trial.number, overrides=overrides)
        reached = _reached(self.study.get_trials(deepcopy=False)[trial.number])
        process = start(order, folder, self.search.slots[slot])
        self.running[trial.number] = Running(trial, process, slot, reached, kills)

    def _reap(self) -> bool:
        """Look after the trials whose processes have ended; return whether there were any."""
        ended = False
        for number, one in list(self.running.items()):
            code = one.process.poll()
            if code is None:
                continue
            del self.running[number]
            ended = True
            frozen = self.study.get_trials(deepcopy=False)[number]
            if frozen.state in ENDED:
                self.tell(told(frozen))
                continue
            if code == AT_WORK:  # in a process whose `tune` was killed
                continue
            kills = 1 if _reached(frozen) > one.reached else one.kills + 1
            if (code < 0 or code in INTERRUPTED) and kills < MOST_KILLS:
                self.tell(f"trial {number} was {killed_by(code)}, and goes on")
                self._start(one.trial, kills)
            else:
                self._fail(one.trial, code)
        return ended

    def _fail(self, trial: Trial, code: int) -> None:
        why = last_words(self.orphans.folder_of(trial.number), code)
        if code < 0:
            why = f"{killed_by(code)} {MOST_KILLS} times: was there too little memory?"
        trial.set_user_attr(WHY, why)
        self.study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
        self.tell(told(self.study.get_trials(deepcopy=False)[trial.number]))

    def _require_some_success(self, begun: list[FrozenTrial]) -> None:
        """Raise when trials only fail: what is wrong with all of them is not found by more."""
        ended = [one for one in begun if one.state in ENDED]
        if len(ended) < FAILURES or any(one.state != TrialState.FAIL for one in ended):
            return
        last = ended[-1]
        log = os.path.relpath(self.orphans.folder_of(last.number) / LOG)
        why = last.user_attrs.get(WHY)
        raise UserError(f"the first {len(ended)} trials failed, the last one: {why} More: {log}")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def remember(number: int, _frame: object) -> None:
            self.stopped = signal.Signals(number).name
            for caught in before:  # a second one ends this at once
                signal.signal(caught, signal.SIG_DFL)

        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        before = {number: signal.signal(number, remember) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _reached(frozen: FrozenTrial) -> int:
    return max(frozen.intermediate_values, default=0)


def told(frozen: FrozenTrial) -> str:
    """Return a line about a trial that has ended."""
    state, why = frozen.state.name.lower(), frozen.user_attrs.get(WHY)
    name = f"trial {frozen.number} {'' if state == 'complete' else state}".strip()
    value = f": {frozen.value:.4f}" if frozen.state == TrialState.COMPLETE else ""
    reason = f" ({why})" if why and not value else ""
    return f"{name}{value}{reason}, {' '.join(overrides_of(frozen.params))}"
