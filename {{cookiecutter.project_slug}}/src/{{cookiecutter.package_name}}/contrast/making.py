"""What both sides of a contrast say of each row: one data set, every seed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ..arrays import load_split
from ..classical.fitting import Baseline, baselines_of
from ..config import typed
from ..config.training import Reading
from ..crossvalidation.cells import Cell, per_row
from ..experiments.training import NOTE
from ..predictions import Predictions
from ..runtime.composition import compose, current_overrides, merge_overrides
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project, remove, write_text
from ..schema import Manifest
from ..slices.facts import facts_of
from ..splits import views
from ..training import resume
from ..training.fitting import Attempt, Recipe, train_fold
from .plan import BEST, Contrast

VERBS = ("ingest", "prepare", "audit")
SPLITS = ("val", "test")


@dataclass(frozen=True)
class Made:
    """The cells of one side with one seed, how good they are on validation, and what they cost."""

    cells: list[Cell]
    validation: float
    seconds: float
    name: str = ""  # of the classical model


def make_data(project: Path, run: str, words: list[str]) -> Path:
    """Make the data of a setting, with the project's own commands, and return their folder."""
    package = str(__package__).partition(".")[0]
    for verb in VERBS:
        command = [sys.executable, "-m", f"{package}.{verb}", f"run={run}", *words]
        if subprocess.run(command, cwd=project, check=False).returncode:
            raise UserError(f"settings: {' '.join(words)}: `{verb}` failed. Why stands above.")
    return project / "runs" / run / "data/prepared"


def network(prepared: Path, words: list[str], seed: int, split: str, place: Path) -> Made:
    """Train the network for each fold, or find what it said, if it was made from the same.

    Args:
        prepared: the data.
        words: overrides of the network's configuration.
        seed: of the training.
        split: whose rows the cells have.
        place: a folder for what it says.
    """
    project = find_project(place)
    config = typed(compose(merge_overrides(current_overrides(), words)))
    reading = Reading(config.data.batch_size, config.data.memory_share, config.data.workers)
    augmentation = config.data.augmentation
    recipe = Recipe(config.model, config.optimizer, config.trainer, reading, augmentation, seed)
    manifest = Manifest.load(prepared)
    made_from = resume.identity(asdict(recipe), manifest.hashes, project)
    note = place / NOTE
    known: dict[str, Any] = json.loads(note.read_text("utf-8")) if note.exists() else {}
    if not _is_known(known, made_from):
        remove(place)
        began = perf_counter()
        for fold in views(manifest.folds, None):
            _train(recipe, prepared, manifest, fold, place)
        known = {"made_from": made_from, "seconds": perf_counter() - began}
        write_text(note, json.dumps(known, indent=1) + "\n")  # last: a killed one has none
    folds = views(manifest.folds, None)
    tables = {
        name: [Predictions.load(_file(place, fold, name)) for fold in folds] for name in SPLITS
    }
    validation = float(np.mean([per_row(table).mean() for table in tables["val"]]))
    cells = [
        _cell(place.name, seed, fold, table, (prepared, split))
        for fold, table in zip(folds, tables[split], strict=True)
    ]
    return Made(cells, validation, float(known["seconds"]))


def _is_known(known: dict[str, Any], made_from: dict[str, Any]) -> bool:
    return known.get("made_from") == made_from


def _train(
    recipe: Recipe, prepared: Path, manifest: Manifest, fold: int | None, place: Path
) -> None:
    import torch

    attempt = Attempt(fold, place / "training", place / "insights", goes_on=False)
    made = train_fold(recipe, prepared, attempt)
    if made is None:
        raise UserError("debug.find_lr or several processes: a contrast trains whole networks.")
    module = made[0].cpu().eval()
    for split in SPLITS:
        rows = load_split(prepared, split, fold)
        with torch.inference_mode():
            batches = torch.from_numpy(np.array(rows.inputs)).split(256)
            outputs = torch.cat([module(batch) for batch in batches])
        if manifest.classes:
            outputs = outputs.softmax(dim=1)
        said = Predictions(rows.ids, manifest.classes, rows.targets, outputs.numpy())
        said.save(_file(place, fold, split))
    remove(place / "training")


def classical(prepared: Path, plan: Contrast, seed: int) -> Made:
    """Tune each classical model as often as the network was, and return the one that is asked for.

    The best is the best on the validation rows, over all folds.
    """
    manifest, began = Manifest.load(prepared), perf_counter()
    settings = typed(compose(current_overrides())).baselines
    settings.trials = plan.tries
    found: dict[str, dict[int | None, Baseline]] = {}
    for fold in views(manifest.folds, None):
        for one in baselines_of(prepared, manifest, fold, settings, seed, 0):
            found.setdefault(one.name, {})[fold] = one
    validated = {
        name: float(np.mean([one.facts["validation"] for one in ones.values()]))
        for name, ones in found.items()
    }
    name = best_of(validated, more_is_better=bool(manifest.classes))
    if plan.classical != BEST:
        name = plan.classical
        if name not in found:
            raise UserError(f"classical={name}: {nearest(name, found)}")
    cells = [
        _cell(f"{name}-seed{seed}", seed, fold, one.tables[plan.split], (prepared, plan.split))
        for fold, one in found[name].items()
    ]
    return Made(cells, validated[name], perf_counter() - began, name)


def best_of(validated: dict[Any, float], *, more_is_better: bool) -> Any:
    """Return the name with the best value; of equal ones the first."""
    return (max if more_is_better else min)(validated, key=lambda name: validated[name])


def _cell(run: str, seed: int, fold: int | None, table: Predictions, of: tuple[Path, str]) -> Cell:
    """A cell whose rows know their group, if they have one."""
    prepared, split = of
    rows = load_split(prepared, split, fold)
    known = replace(table, facts=facts_of(prepared, rows.ids, rows.inputs, ()))
    return Cell(run, run, seed, fold, known, len(load_split(prepared, "train", fold).targets))


def _file(place: Path, fold: int | None, split: str) -> Path:
    return place / ("all" if fold is None else f"fold-{fold}") / f"{split}.parquet"
