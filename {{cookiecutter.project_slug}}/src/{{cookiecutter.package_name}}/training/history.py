"""What training says while it runs: a line now and then, a table on disk, and MLflow."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from ..runtime.files import write_text
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
        self.epochs = 0
        self._last_line = -math.inf

    def state_dict(self) -> dict[str, Any]:
        """Return how many epochs are in the table."""
        return {"epochs": self.epochs}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take those from the table, and drop what a killed training wrote after them."""
        self.epochs = state_dict["epochs"]
        if not self.file.exists():
            return
        lines = self.file.read_text("utf-8").splitlines()
        whole = lines[: 1 + self.epochs]
        for row in csv.DictReader(whole):
            self._compare({name: float(value) for name, value in row.items()})
        if len(lines) > len(whole):
            write_text(self.file, "\n".join(whole) + "\n")

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin the table, unless some of it is to be gone on with."""
        if trainer.is_global_zero and not self.epochs:
            self.file.unlink(missing_ok=True)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep, track and show the metrics of the epoch; validation has run by now."""
        metrics = {name: float(value) for name, value in sorted(trainer.callback_metrics.items())}
        epoch = trainer.current_epoch
        self._compare({"epoch": epoch, **metrics})
        self.epochs = epoch + 1
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

    def _compare(self, row: dict[str, float]) -> None:
        metrics = {name: value for name, value in row.items() if name != "epoch"}
        if metrics["val/loss"] < self.best_metrics["val/loss"]:
            self.best_epoch, self.best_metrics = int(row["epoch"]), metrics

    def _append(self, row: dict[str, Any]) -> None:
        new = not self.file.exists()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            if new:
                writer.writeheader()
            writer.writerow(row)

    def _show(self, epoch: int, metrics: dict[str, float]) -> None:
        values = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
        print(f"train: epoch {epoch + 1:>3}/{self.max_epochs}  {values}", flush=True)
