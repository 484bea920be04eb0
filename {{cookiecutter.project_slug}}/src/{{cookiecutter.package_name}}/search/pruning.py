"""Tells the study how a trial is doing, and ends one that others have left behind."""

from __future__ import annotations

import math
import warnings

from lightning.pytorch import Callback, LightningModule, Trainer
from optuna.trial import Trial

REPORTS = 20  # of a training, at most: each is a line in the study, and a look at all others


class Pruning(Callback):
    """Report the metric of an epoch now and then, and stop where the study's pruner says so.

    Args:
        trial: of the study; None in all processes but the first.
        metric: as the history calls it, like val/loss.
        before: values of the folds that have been trained, which the next ones are averaged with.
    """

    def __init__(self, trial: Trial | None, metric: str, before: list[float]) -> None:
        self.trial, self.metric, self.before = trial, metric, before
        self.pruned, self.epochs = False, 0

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Report, ask, and stop training; Lightning ends it as it ends any other."""
        self.epochs = trainer.current_epoch + 1
        most = trainer.max_epochs or 1
        if self.epochs % max(1, most // REPORTS):
            return
        if self.trial is not None:
            value = float(trainer.callback_metrics[self.metric])
            step = len(self.before) * most + self.epochs
            worse = self._is_left_behind(self.trial, [*self.before, value], step)
            self.pruned = worse and self.epochs < most
        if trainer.world_size > 1:
            self.pruned = trainer.strategy.broadcast(self.pruned)
        trainer.should_stop = trainer.should_stop or self.pruned

    @staticmethod
    def _is_left_behind(trial: Trial, values: list[float], step: int) -> bool:
        with warnings.catch_warnings(action="ignore"):  # a training that goes on repeats a step
            trial.report(math.fsum(values) / len(values), step)
        return trial.should_prune()
