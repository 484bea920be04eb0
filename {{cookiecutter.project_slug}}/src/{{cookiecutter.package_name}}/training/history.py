"""What training says while it runs: a line now and then, a table on disk, and MLflow."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from ..runtime.errors import UserError
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
        self.rows: list[dict[str, float]] = []  # as they are in the table
        self._last_line = -math.inf

    def state_dict(self) -> dict[str, Any]:
        """Return the table: what is on disk may be behind a checkpoint after a power cut."""
        return {"rows": self.rows}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with it; what a killed training wrote after the checkpoint is dropped."""
        self.rows = [dict(row) for row in state_dict["rows"]]
        for row in self.rows:
            self._compare(row)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin the table with what there is."""
        if not trainer.is_global_zero:
            return
        if self.rows:
            self._write(self.rows)
        else:
            self.file.unlink(missing_ok=True)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep, track and show the metrics of the epoch; validation has run by now."""
        metrics = {name: float(value) for name, value in sorted(trainer.callback_metrics.items())}
        epoch = trainer.current_epoch
        self.rows.append({"epoch": epoch, **metrics})
        self._compare(self.rows[-1])
        if not trainer.is_global_zero:
            return
        self._write(self.rows[-1:])
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

    def _write(self, rows: list[dict[str, float]]) -> None:
        """Append the last ``rows``, or begin with all of them."""
        begins = len(rows) == len(self.rows)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("w" if begins else "a", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(self.rows[0]), lineterminator="\n")
                if begins:
                    writer.writeheader()
                writer.writerows(rows)
        except OSError as error:
            raise UserError(
                f"{self.file}: could not be written ({error}). The checkpoints are kept."
            ) from error

    def _show(self, epoch: int, metrics: dict[str, float]) -> None:
        values = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
        print(f"train: epoch {epoch + 1:>3}/{self.max_epochs}  {values}", flush=True)
