"""The whole of it, in the order in which one part needs the other."""

from __future__ import annotations

from typing import Any

from mlflow import MlflowClient
from mlflow.entities import ViewType

from ..progress import progress
from .both import Both, all_of
from .logged import copy_model
from .runs import PARENT, copy_run
from .versions import copy_registered


class Copying:
    """Copies runs, then the models that they logged, then the registry, which names both.

    Args:
        source: address of an MLflow.
        target: address of another one.
    """

    def __init__(self, source: str, target: str) -> None:
        self.both = Both(source, target, MlflowClient(source), MlflowClient(target))
        self.told: list[str] = []

    def copy(self) -> None:
        """Copy what is not there yet, and note what to tell."""
        both = self.both
        runs: list[tuple[str, Any]] = []
        models: list[tuple[str, Any]] = []
        for experiment in all_of(both.ours.search_experiments, view_type=ViewType.ACTIVE_ONLY):
            found = all_of(both.ours.search_runs, [experiment.experiment_id])
            if not found:
                continue
            there = _experiment(both, experiment)
            runs += [(there, run) for run in found]
            ids = [experiment.experiment_id]
            models += [(there, one) for one in all_of(both.ours.search_logged_models, ids)]
        # Children name their parents; of the others, the oldest comes first.
        runs.sort(key=lambda one: (PARENT in one[1].data.tags, one[1].info.start_time))
        new = sum([copy_run(both, *one) for one in progress(runs, "migrate: runs")])
        logged = sum([copy_model(both, *one) for one in progress(models, "migrate: models")])
        self.told.append(f"{len(runs)} runs, {new} of them new there; {logged} new models")
        for registered in all_of(both.ours.search_registered_models):
            self.told += copy_registered(both, registered.name)


def _experiment(both: Both, ours: Any) -> str:
    there = both.theirs.get_experiment_by_name(ours.name)
    if there is not None:
        return there.experiment_id
    return both.theirs.create_experiment(ours.name)
