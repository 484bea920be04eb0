"""The steps of a search: begin or join the study, work at its trials, judge, report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from optuna.study import Study

from ..config import Tracking
from ..config.search import Tune
from ..config.training import Trainer, check_processes
from ..experiments.plan import named_file
from ..experiments.procedure import primary
from ..experiments.training import RECIPE
from ..measures.uncertainty import Uncertainty
from ..runtime.errors import PreemptedError
from ..runtime.files import Workspace, write_text
from ..schema import Manifest
from ..splits import views
from ..tracking.tracker import Tracker
from ..training.resume import identity
from .asking import Asked, current_params, require_metric, space_of
from .display import Display, best_of, facts
from .driver import Driver, Search
from .experiment import file_for
from .orphans import Orphans
from .process import slots_for
from .space import Space
from .storage import address_of, explained, open_storage
from .study import ENDED, Terms, begin_or_join, trials_of
from .trial import ADDRESS, Order

FOLDER = "runs/tune"
RUN = "run"  # attribute of a study: the key of its run in MLflow


@dataclass(frozen=True)
class Given:
    """What the configuration says, taken apart."""

    tune: Tune
    trainer: Trainer
    tracking: Tracking
    seed: int
    batch_size: int
    resolved: dict[str, Any]  # all of it
    how: Uncertainty


def workspace_of(project: Path, name: str) -> Workspace:
    """Return the folders of a study."""
    folder = project / FOLDER / named_file(name)
    return Workspace(project, folder, folder / "scratch", folder / "config.yaml")


def search(workspace: Workspace, asked: Asked, given: Given) -> tuple[Study, Space] | None:
    """Work at the study until all of its trials have ended, as far as they are made here.

    The result is None where others are still at work: whoever ends last judges.

    Raises:
        UserError: for anything that is wrong, before the first trial.
        PreemptedError: when a signal said stop; the same command goes on.
    """
    study, wanted = _begin(workspace, asked, given)
    name, ended = workspace.output.name, _ended(study)
    print(f"tune: {name}, {ended} of {wanted.trials} trials have ended", flush=True)
    known = str(study.user_attrs.get(RUN, ""))
    with Tracker(given.tracking, workspace, "tune", resumed=True, same_as=known) as tracker:
        key = tracker.begin() if ended < wanted.trials else known
        if key and not known:
            study.set_user_attr(RUN, key)
        display = Display(study, wanted.trials, given.tune.workers)
        order, tell = _order(name, asked, given, key), _teller(study, display, tracker)
        driver = Driver(study, wanted, Orphans(study, workspace.output), order, tell)
        with display.shown(), explained(address_of(given.tune.storage)):
            driver.run()
        if driver.stopped:
            raise PreemptedError(driver.stopped, _stopped(name, driver))
    print(f"tune: {', '.join(facts(study, trials_of(study)))}", flush=True)
    return None if _others_are_at_work(driver.orphans) else (study, wanted.space)


def _begin(workspace: Workspace, asked: Asked, given: Given) -> tuple[Study, Search]:
    """Check whatever can be checked, then begin the study or join it."""
    name, tune = workspace.output.name, given.tune
    file_for(name)
    manifest = Manifest.load(workspace.reads("data/prepared"))
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    check_processes(given.trainer, given.batch_size, len(views(manifest.folds, None)))
    space = space_of(tune.space, asked, workspace.project)
    recipe = {key: given.resolved[key] for key in RECIPE}
    made_from = without(identity(recipe, manifest.hashes, workspace.project), list(space))
    maximize = require_metric(tune.metric, primary(manifest))
    terms = Terms(space, tune.metric, maximize, made_from)
    points, address = min(tune.quasi_random, tune.trials), address_of(tune.storage)
    slots = slots_for(tune.workers, given.trainer)
    storage, first = open_storage(address, workspace.output), current_params(space, given.resolved)
    study = begin_or_join(storage, name, terms, first, points, given.seed)
    write_text(workspace.config_file, yaml.safe_dump(given.resolved, sort_keys=False))
    slots = [slot | ({ADDRESS: address} if address else {}) for slot in slots]
    return study, Search(space, tune.trials, points, given.seed, slots)


def _order(name: str, asked: Asked, given: Given, key: str) -> Order:
    """What every trial is told; the driver adds which one it is."""
    return Order(
        study=name,
        number=-1,
        overrides=asked.overrides,
        metric=given.tune.metric,
        pruner=given.tune.pruner.value,
        warmup=given.tune.warmup,
        max_epochs=given.trainer.max_epochs,
        journal=key,
    )


def _teller(study: Study, display: Display, tracker: Tracker) -> Callable[[str], None]:
    """Show what happens, and keep each new best value in the run of the search."""
    kept: set[int] = set()

    def tell(happened: str) -> None:
        display.tell(happened)
        best = best_of(study, trials_of(study)) if happened else None
        if best and best.value is not None and best.number not in kept:
            kept.add(best.number)
            tracker.log({"best": best.value}, best.number)

    return tell


def _others_are_at_work(orphans: Orphans) -> bool:
    others = orphans.elsewhere(set())
    if others:
        numbers = ", ".join(str(one.number) for one in others)
        print(f"tune: others are still at work (trial {numbers}); whoever ends last judges")
    return bool(others)


def without(facts: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """Return nested ``facts`` without the keys a.b.c that a search chooses."""
    copied: dict[str, Any] = json.loads(json.dumps(facts))
    for key in keys:
        *path, last = key.split(".")
        inner: Any = copied
        for name in path:
            inner = inner.get(name, {}) if isinstance(inner, dict) else {}
        if isinstance(inner, dict):
            inner.pop(last, None)
    return copied


def _ended(study: Study) -> int:
    return sum(one.state in ENDED for one in trials_of(study))


def _stopped(name: str, driver: Driver) -> str:
    done = f"{_ended(driver.study)} of {driver.search.trials} trials have ended"
    at_work = f", and {len(driver.running)} go on where they were" if driver.running else ""
    return f"stopped by {driver.stopped}; {done}{at_work}: the same command goes on (study {name})"
