"""A training of a second or two, as the stage does it, for the tests that look into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import small_data
import torch
from calling import QUICK
from lightning.pytorch import Callback
from plain_network import without_augmentation

from {{ cookiecutter.package_name }}.config import Config, Tracking, typed
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.data import PreparedData
from {{ cookiecutter.package_name }}.runtime.composition import compose, merge_overrides
from {{ cookiecutter.package_name }}.runtime.files import run_workspace
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker
from {{ cookiecutter.package_name }}.training import fitting, trainer
from {{ cookiecutter.package_name }}.training.history import History
from {{ cookiecutter.package_name }}.training.learner import Learner


@dataclass
class Trained:
    learner: Learner
    history: History
    data: PreparedData
    config: Config

    def validation_loss(self) -> float:
        """The loss of the network as it is now, over the whole validation split."""
        network, objective = self.learner.network.eval(), self.learner.objective
        with torch.inference_mode():
            batches = [(network(b.inputs), b.targets) for b in self.data.val_dataloader()]
        outputs, targets = (torch.cat(parts) for parts in zip(*batches, strict=True))
        return float(objective.losses(outputs, targets).mean())


def fit(
    prepared: Path,
    project: Path,
    *overrides: str,
    fold: int | None = None,
    listens: bool = True,
    callbacks: Sequence[Callback] = (),
    checkpoint: Path | None = None,
    augmented: bool = True,
) -> Trained:
    """Train on ``prepared`` without a command line."""
    config = typed(compose(merge_overrides([*QUICK, *small_data.OVERRIDES], [*overrides])))
    if not augmented:
        without_augmentation(config)
    trainer.start(config.seed, 1)
    of = config.data
    reading = Reading(of.batch_size, of.memory_share, of.workers)
    data = PreparedData(prepared, reading, of.augmentation, fold=fold, seed=config.seed)
    learner = fitting.new_learner(data, config.model, config.optimizer, config.trainer)
    run = run_workspace(project, "one")
    tracker = Tracker(Tracking(False, None, "none", 1.0), run, "train") if listens else None
    history = History(run.output / "history.csv", config.trainer.max_epochs, tracker, fold)
    made = trainer.make_trainer(config.trainer, run.scratch, [*callbacks, history])
    weights = trainer.fit(made, learner, data, checkpoint)
    learner.network.load_state_dict(weights)
    return Trained(learner, history, data, config)
