"""A study: what is searched, how it begins, and whether somebody else's is the same."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.exceptions import DuplicatedStudyError
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, Trial, TrialState

from ..runtime.errors import UserError
from ..training.resume import differences
from .design import design
from .space import Params, Space, described, suggest

SECONDS_TO_BEGIN = 10.0  # another machine has for making the study that we join
ENDED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
TERMS, READY = "terms", "ready"  # attributes of a study
WHY, DRIVER, ALIVE, EPOCHS, SECONDS = "why", "driver", "alive", "epochs", "seconds"  # of a trial
LOST = "lost"  # of a trial that begins again elsewhere, because its machine was lost


@dataclass(frozen=True)
class Terms:
    """What the trials of one study have in common, so that they can be compared."""

    space: Space
    metric: str
    maximize: bool
    made_from: dict[str, Any]  # what a network depends on, without the keys of the space

    def as_dict(self) -> dict[str, Any]:
        """Return them as they are kept."""
        space = {key: described(one) for key, one in self.space.items()}
        return {"space": space, "metric": self.metric, "made_from": self.made_from}


def begin_or_join(
    storage: BaseStorage, name: str, terms: Terms, first: Params | None, points: int, seed: int
) -> optuna.Study:
    """Return the study of this name, made now if there is none.

    Args:
        storage: where it is kept.
        name: of the study.
        terms: what it is about.
        first: the parameters of the first trial; the project as configured.
        points: trials of the even design that follows, ``first`` among them.
        seed: of that design.

    Raises:
        UserError: when there is one of this name about something else.
    """
    study = _join(storage, name) or _begin(storage, name, terms)
    if not study.user_attrs.get(TERMS):
        study.set_user_attr(TERMS, terms.as_dict())
    _require_same(name, study.user_attrs[TERMS], terms.as_dict())
    if not study.user_attrs.get(READY):
        beginnings = [first] if first else []
        for params in [*beginnings, *design(terms.space, points - len(beginnings), seed)]:
            study.enqueue_trial(params, skip_if_exists=True)
        study.set_user_attr(READY, {"points": points, "first": bool(first)})
    return study


def _begin(storage: BaseStorage, name: str, terms: Terms) -> optuna.Study:
    direction = "maximize" if terms.maximize else "minimize"
    try:
        return optuna.create_study(storage=storage, study_name=name, direction=direction)
    except DuplicatedStudyError:  # in this moment, by another machine
        return _load(storage, name)


def _join(storage: BaseStorage, name: str) -> optuna.Study | None:
    if name not in optuna.get_all_study_names(storage):
        return None
    return _load(storage, name)


def _load(storage: BaseStorage, name: str) -> optuna.Study:
    study = optuna.load_study(study_name=name, storage=storage)
    end = time.monotonic() + SECONDS_TO_BEGIN
    while READY not in study.user_attrs and time.monotonic() < end:
        time.sleep(0.1)  # whoever begins it may have been killed: then what lacks is added
    return study


def _require_same(name: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    changed = differences(before, now)
    if changed == ["made_from.code"]:
        print("tune: the code has changed since; new trials are made with the new one")
        return
    if not changed:
        return
    key = changed[0]
    shown = f"tune.{key}" if key.startswith("space") else key.removeprefix("made_from.")
    was, now_is = _at(before, key), _at(now, key)
    raise UserError(
        f"tune.study={name}: {shown} was {was} and is {now_is} now, so that its trials cannot be "
        f"compared. Put it back, or begin another study: tune.study={name}-2"
    )


def _at(facts: Any, key: str) -> Any:
    """The value at a.b.c; keys of a space have dots themselves."""
    if not key or not isinstance(facts, dict):
        return facts
    for name in facts:
        if key == name or key.startswith(f"{name}."):
            return _at(facts[name], key[len(name) + 1 :])
    return "not there"


def ask(study: optuna.Study, space: Space, points: int, seed: int) -> Trial:
    """Begin the next trial: the next one of the design, or one where TPE expects improvement.

    A trial of a given number is the same whoever asks for it, as long as the trials before it are.
    """
    study.sampler = _sampler(len(study.get_trials(deepcopy=False)), points, seed)
    trial = study.ask()
    suggest(trial, space)
    return trial


def go_on(study: optuna.Study, number: int, space: Space, points: int, seed: int) -> Trial:
    """Return a trial that another process has begun; it may not have got all of its parameters."""
    study.sampler = _sampler(number, points, seed)
    trial = open_trial(study, number)
    suggest(trial, space)
    return trial


def _sampler(number: int, points: int, seed: int) -> TPESampler:
    own = zlib.crc32(f"{seed} {number}".encode())
    return TPESampler(seed=own, n_startup_trials=points, multivariate=True, constant_liar=True)


def trials_of(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that count: those that began again elsewhere do so once."""
    return [one for one in study.get_trials(deepcopy=False) if LOST not in one.user_attrs]


def open_trial(study: optuna.Study, number: int) -> Trial:
    """Return a trial that another process has begun."""
    frozen = study.get_trials(deepcopy=False)[number]
    return Trial(study, frozen._trial_id)  # Optuna has no public way to go on with one
