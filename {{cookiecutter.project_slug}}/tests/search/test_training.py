"""The training of a trial is the one of `train`, and what it tells is what would be kept."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from searches import SHORT

from {{ cookiecutter.package_name }}.config import Tracking, typed
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.runtime.composition import compose, merge_overrides
from {{ cookiecutter.package_name }}.runtime.errors import DivergedError
from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.search import training
from {{ cookiecutter.package_name }}.search.training import Outcome, train
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker
from {{ cookiecutter.package_name }}.training.fitting import Attempt, Recipe

Train = Callable[..., Outcome]


def workspace_in(project: Path) -> Workspace:
    folder = project / "runs/tune/toy/toy-0000"
    return Workspace(project, folder, folder / "scratch", folder / "config.yaml")


def outcome_of(project: Path, *overrides: str, metric: str = "val/loss") -> Outcome:
    config = typed(compose(merge_overrides(SHORT, [*overrides])))
    of = config.data
    reading = Reading(of.batch_size, of.memory_share, of.workers)
    groups = config.model, config.optimizer, config.trainer, reading, of.augmentation
    recipe, place = Recipe(*groups, config.seed), workspace_in(project)
    tracker = Tracker(Tracking(False, None, "none", 1.0), place, "train")
    return train(recipe, of.fold, place, metric, None, tracker)


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["val/loss", "train/loss"])
def test_the_value_is_that_of_the_epoch_that_is_kept(metric: str, ready: Path) -> None:
    outcome = outcome_of(ready, metric=metric)
    lines = (ready / "runs/tune/toy/toy-0000/scratch/training/all/history.csv").read_text("utf-8")
    names, *rows = (line.split(",") for line in lines.splitlines())
    table = [dict(zip(names, map(float, row), strict=True)) for row in rows]
    kept = min(table, key=lambda row: row["val/loss"])
    assert outcome == Outcome("COMPLETE", kept[metric], 4)


@pytest.mark.slow
def test_with_folds_it_is_the_mean_over_the_networks_of_the_folds(
    folded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folds: list[int | None] = []

    def train_fold(_: Recipe, __: Path, attempt: Attempt) -> object:
        folds.append(attempt.fold)
        history = Mock(best_metrics={"val/loss": float(len(folds))})
        return object(), history

    monkeypatch.setattr(training, "train_fold", train_fold)
    assert outcome_of(folded, "data.split.folds=3").value == 2.0
    assert folds == [0, 1, 2]


def test_one_that_diverges_counts_as_ended_early_so_that_it_is_learnt_from(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "train_fold", Mock(side_effect=DivergedError("step 3: NaN")))
    assert outcome_of(ready) == Outcome("PRUNED", None, 0, "step 3: NaN")


def test_a_real_divergence_is_such_a_one(ready: Path) -> None:
    outcome = outcome_of(ready, "optimizer.lr=1e30", "optimizer.warmup=0.0")
    assert (outcome.state, outcome.value) == ("PRUNED", None)
    assert "diverged" in outcome.why
