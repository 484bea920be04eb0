"""One trial in a process of its own: `python -m PACKAGE.search.trial FOLDER`, started by `tune`.

What it needs is in the folder; how it ended is told to the study. Killed at any moment, it goes on
from its last checkpoint when it is started again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import Workspace, find_project, remove, write_text
from ..runtime.processes import is_worker, only_command_in

if TYPE_CHECKING:
    from optuna.trial import Trial

    from .training import Outcome

ORDER = "order.json"  # in the folder of a trial
LOG = "trial.log"
AT_WORK = 73  # exit status: another process is at this trial (EX_CANTCREAT)
ADDRESS = "TUNE_STORAGE"  # of the environment: an address may have a password


@dataclass(frozen=True)
class Order:
    """What a trial is told."""

    study: str
    number: int
    overrides: list[str]  # of the whole configuration
    metric: str
    pruner: str
    warmup: int  # epochs before it may be pruned
    max_epochs: int
    journal: str  # of the study's run in MLflow

    def save(self, folder: Path) -> None:
        """Write it where the trial finds it."""
        write_text(folder / ORDER, json.dumps(asdict(self), indent=1) + "\n")


def main() -> None:
    """Carry out the order in the folder that the command line names."""
    folder = Path(sys.argv[1]).resolve()
    order = Order(**json.loads((folder / ORDER).read_text("utf-8")))
    guarded(lambda: carry_out(folder, order), "trial")()


def carry_out(folder: Path, order: Order) -> None:
    """Train, and tell the study how it ended, unless another process is at it."""
    from ..runtime.composition import run_application

    place = Workspace(find_project(folder), folder, folder / "scratch", folder / "config.yaml")
    with ExitStack() as stack:
        if not is_worker():
            try:
                stack.enter_context(only_command_in(folder))
            except UserError:  # somebody else went on with it
                sys.exit(AT_WORK)
        run_application(lambda composed: _train(composed, place, order), [], order.overrides)


def _train(composed: Any, workspace: Workspace, order: Order) -> None:
    from omegaconf import OmegaConf

    from ..config import typed
    from ..config.training import Reading
    from ..tracking.tracker import Tracker
    from ..training.fitting import Recipe
    from .training import train

    config, first = typed(composed), not is_worker()
    trial = _begun(workspace, order) if first else None
    if first:
        write_text(workspace.config_file, OmegaConf.to_yaml(composed, resolve=True))
    data = Reading(config.data.batch_size, config.data.memory_share, config.data.workers)
    groups = config.model, config.optimizer, config.trainer, data, config.data.augmentation
    recipe, began = Recipe(*groups, config.seed), time.monotonic()
    goes_on = (workspace.scratch / "training").exists()
    tracking = {"resumed": goes_on, "parent": order.journal}
    with Tracker(config.tracking, workspace, "train", **tracking) as tracker:
        outcome = train(recipe, config.data.fold, workspace, order.metric, trial, tracker)
        if trial is None:
            return
        tell(trial, outcome, time.monotonic() - began)
        if outcome.value is not None:
            tracker.log({"objective": outcome.value}, outcome.epochs)
        tracker.tag({"trial": str(order.number), "state": outcome.state, "why": outcome.why})
    remove(workspace.scratch)


def _begun(workspace: Workspace, order: Order) -> Trial:
    import optuna

    from .pruners import pruner_for
    from .storage import open_storage
    from .study import open_trial

    storage = open_storage(os.environ.get(ADDRESS), workspace.output.parent)
    pruner = pruner_for(order.pruner, order.warmup, order.max_epochs)
    study = optuna.load_study(study_name=order.study, storage=storage, pruner=pruner)
    return open_trial(study, order.number)


def tell(trial: Trial, outcome: Outcome, seconds: float) -> None:
    """Tell the study how a trial ended, unless somebody has told it by now that it did."""
    from optuna.trial import TrialState

    from .study import EPOCHS, SECONDS, WHY

    if trial.study.get_trials(deepcopy=False)[trial.number].state.is_finished():
        return
    trial.set_user_attr(EPOCHS, outcome.epochs)
    trial.set_user_attr(SECONDS, seconds)
    if outcome.why:
        trial.set_user_attr(WHY, outcome.why)
    state = TrialState[outcome.state]
    trial.study.tell(trial, outcome.value, state, skip_if_finished=True)


if __name__ == "__main__":
    main()
