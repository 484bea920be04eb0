"""The training of one trial: as `train` trains, without a model to publish at its end."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from optuna.trial import Trial

from ..runtime.errors import DivergedError
from ..runtime.files import Workspace
from ..schema import Manifest
from ..splits import views
from ..tracking.tracker import Tracker
from ..training import resume
from ..training.fitting import Attempt, Recipe, train_fold
from .pruning import Pruning


@dataclass(frozen=True)
class Outcome:
    """How a training ended."""

    state: str  # COMPLETE or PRUNED, as Optuna has it
    value: float | None  # of the metric in the epoch that is kept; the mean over folds
    epochs: int  # trained, of all folds together
    why: str = ""


def train(
    recipe: Recipe,
    fold: int | None,
    workspace: Workspace,
    metric: str,
    trial: Trial | None,
    tracker: Tracker,
) -> Outcome:
    """Train a network for each fold, until the study says that others are better.

    A training that diverges is pruned: then the sampler learns to stay away from there.

    Args:
        recipe: what the network is made from.
        fold: the only one to train for, where one is chosen.
        workspace: of the trial.
        metric: as the history calls it.
        trial: whom to tell; None in all processes but the first.
        tracker: who gets the metrics of the first network.
    """
    prepared, scratch = workspace.reads("data/prepared"), workspace.scratch / "training"
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    this = resume.identity({**asdict(recipe), "fold": fold}, manifest.hashes, workspace.project)
    goes_on = resume.begin(scratch, this, wanted=True, strict=False)
    values: list[float] = []
    epochs, insights = 0, workspace.output / "insights"
    for number, one in enumerate(views(manifest.folds, fold)):
        watch = Pruning(trial, metric, values)
        place = scratch / ("all" if one is None else f"fold-{one}")
        listener = tracker if number == 0 else None
        try:
            attempt = Attempt(one, place, insights, goes_on, listener, [watch])
            made = train_fold(recipe, prepared, attempt)
        except DivergedError as error:
            return Outcome("PRUNED", None, epochs + watch.epochs, str(error))
        epochs += watch.epochs
        if watch.pruned:
            return Outcome("PRUNED", None, epochs, "others were better at that epoch")
        values += [made[1].best_metrics[metric]] if made else []
    return Outcome("COMPLETE", math.fsum(values) / len(values) if values else None, epochs)
