"""The runs of an experiment: trainings by hand, each in a fresh process, and reused if there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runtime.composition import compose, current_overrides, merge_overrides, unread_overrides
from ..runtime.errors import PreemptedError, UserError
from ..runtime.files import remove, run_workspace, write_text
from ..runtime.processes import is_in_use
from ..training.resume import differences, has_ended, identity

NOTE = "compared.json"  # in the folder of a run: what its network is made from
RECIPE = ("model", "optimizer", "trainer", "data", "seed")  # what of the configuration trains it
RESERVED = ("seed", "data.fold", "run", "resume")
INTERRUPTED = (75, 130)  # exit codes of a training that can be gone on with


@dataclass(frozen=True)
class Training:
    """One run."""

    side: str  # "a" or "b"
    run: str
    seed: int
    fold: int | None
    overrides: list[str]
    made_from: dict[str, Any]  # all that its network depends on


def trainings(
    project: Path,
    sides: dict[str, list[str]],
    names: dict[str, str],
    seeds: Iterable[int],
    folds: list[int | None],
    hashes: dict[str, str],
) -> list[Training]:
    """Return the runs of both sides, pair by pair.

    Args:
        project: the folder that holds runs/.
        sides: overrides by side.
        names: what the runs of each side are called, before their seed.
        seeds: each trains a pair.
        folds: each trains a network; [None] where there are none.
        hashes: of the prepared data.

    Raises:
        UserError: for an override that the comparison sets itself or training does not read, and
            for sides that are the same.
    """
    recipes = {side: _recipe(project, side, words) for side, words in sides.items()}
    if recipes["a"] == recipes["b"]:
        raise UserError(f"b={' '.join(sides['b'])}: trains the same network as a does.")
    made: list[Training] = []
    for seed in seeds:
        for fold in folds:
            for side, recipe in recipes.items():
                own = recipe | {"seed": seed, "data": recipe["data"] | {"fold": fold}}
                run = f"{names[side]}-seed{seed}" + ("" if fold is None else f"-fold{fold}")
                repeated = [f"seed={seed}"] + ([] if fold is None else [f"data.fold={fold}"])
                made_from = identity(own, hashes, project)
                words = [*sides[side], *repeated]
                made.append(Training(side, run, seed, fold, words, made_from))
    return made


def train_missing(project: Path, runs: list[Training], workers: int = 1) -> list[Training]:
    """Train what is not there yet, so many at a time; return those that failed and have said why.

    Raises:
        PreemptedError: when one was interrupted; the same command goes on.
    """
    missing = [one for one in runs if not _is_trained(project, one)]
    print(f"compare: {len(runs) - len(missing)} of {len(runs)} runs are trained", flush=True)

    interrupted: list[PreemptedError] = []

    def train(number: int, one: Training) -> int:
        if interrupted:
            raise interrupted[0]
        print(f"compare: {number} of {len(missing)} to train: runs/{one.run}", flush=True)
        folder = project / "runs" / one.run
        if _waited_for(folder) and _is_trained(project, one):
            return 0
        write_text(folder / NOTE, json.dumps(one.made_from, indent=1) + "\n")
        code = _train(project, one)
        if code in INTERRUPTED or code < 0:  # below zero: by a signal
            told = f"runs/{one.run} was interrupted; the same command goes on from here."
            interrupted.append(PreemptedError("SIGTERM", told))
            raise interrupted[0]
        return code

    with ThreadPoolExecutor(workers) as threads:
        waiting = [threads.submit(train, number, one) for number, one in enumerate(missing, 1)]
        try:
            codes = [one.result() for one in waiting]
        except BaseException:
            threads.shutdown(cancel_futures=True)  # Ctrl-C was told to those at work as well
            raise
    return [one for one, code in zip(missing, codes, strict=True) if code]


def _recipe(project: Path, side: str, overrides: list[str]) -> dict[str, Any]:
    for override in overrides:
        key = override.partition("=")[0]
        if key in RESERVED:
            raise UserError(f"{side}: {override}: the comparison sets {key} itself.")
    usual, recipe = _composed([]), _composed(overrides)
    # A whole configuration (experiment=NAME) may change other keys than it names.
    changed = [*overrides, *differences(usual, recipe)]
    for override, readers in unread_overrides(project, "train", changed).items():
        raise UserError(
            f"{side}: {override}: changes nothing in training, only in {' and '.join(readers)}."
        )
    return recipe


def _composed(overrides: list[str]) -> dict[str, Any]:
    from omegaconf import OmegaConf

    from ..config import typed

    composed = compose(merge_overrides(current_overrides(), overrides))
    typed(composed)
    resolved: Any = OmegaConf.to_container(composed, resolve=True)
    return {key: resolved[key] for key in RECIPE}


def _is_trained(project: Path, one: Training) -> bool:
    """Whether the network is there; what was made from something else is removed.

    Raises:
        UserError: when a run that is no comparison's has this name.
    """
    place = run_workspace(project, one.run)
    note = place.output / NOTE
    if not place.output.exists():
        return False
    if not note.exists():
        raise UserError(f"runs/{one.run}: there is a run of this name already. Rename it.")
    changed = differences(json.loads(note.read_text("utf-8")), one.made_from)
    if changed:
        print(f"compare: runs/{one.run} was made with another {changed[0]}, and is made anew")
        remove(place.output)
        return False
    return has_ended(place.scratch / "training", place.output / "models/network")


def _waited_for(folder: Path) -> bool:
    """Whether a training whose `compare` was killed was still at work in ``folder``; not now."""
    if not folder.exists() or not is_in_use(folder):
        return False
    print(f"compare: runs/{folder.name} is still trained since before; waiting for it", flush=True)
    while is_in_use(folder):
        time.sleep(0.5)
    return True


def _train(project: Path, one: Training) -> int:
    package = str(__package__).partition(".")[0]
    words = [f"run={one.run}", "resume=auto", *one.overrides]
    command = [sys.executable, "-m", f"{package}.train", *words]
    return subprocess.Popen(command, cwd=project).wait()
