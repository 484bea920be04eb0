"""What training says while it runs: a line now and then, a table on disk, and MLflow."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from ..tracking.tracker import Tracker

SECONDS_BETWEEN_LINES = 2.0


class History(Callback):
    """Append each epoch's metrics to ``file`` at once, so that a killed run has them.

    The network of a ``fold`` is one of several: it says only how it ended, and MLflow gets nothing.
    """

    def __init__(
        self, file: Path, max_epochs: int, tracker: Tracker | None, fold: int | None = None
    ) -> None:
        self.file, self.max_epochs, self.tracker, self.fold = file, max_epochs, tracker, fold
        self.best_epoch, self.best_metrics = 0, {"val/loss": math.inf}
        self._last_line = -math.inf

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin the table."""
        if trainer.is_global_zero:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.unlink(missing_ok=True)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep, track and show the metrics of the epoch; validation has run by now."""
        metrics = {name: float(value) for name, value in sorted(trainer.callback_metrics.items())}
        epoch = trainer.current_epoch
        if metrics["val/loss"] < self.best_metrics["val/loss"]:
            self.best_epoch, self.best_metrics = epoch, metrics
        if not trainer.is_global_zero:
            return
        self._append({"epoch": epoch, **metrics})
        if self.tracker is None:
            return
        self.tracker.log(metrics, epoch)
        if (
            time.monotonic() - self._last_line > SECONDS_BETWEEN_LINES
            or epoch + 1 == self.max_epochs
        ):
            self._last_line = time.monotonic()
            self._show(epoch, metrics)

    def on_fit_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Say which epoch is kept."""
        loss = self.best_metrics["val/loss"]
        if trainer.is_global_zero and math.isfinite(loss):
            which = "" if self.fold is None else f" of fold {self.fold}"
            print(f"train: best epoch {self.best_epoch + 1}{which}, validation loss {loss:.4f}")

    def _append(self, row: dict[str, Any]) -> None:
        new = not self.file.exists()
        with self.file.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            if new:
                writer.writeheader()
            writer.writerow(row)

    def _show(self, epoch: int, metrics: dict[str, float]) -> None:
        values = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
        print(f"train: epoch {epoch + 1:>3}/{self.max_epochs}  {values}", flush=True)
