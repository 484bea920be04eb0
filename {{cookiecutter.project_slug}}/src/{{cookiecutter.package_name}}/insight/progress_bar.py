"""One line at the bottom of a terminal: how far training has come, how fast, and until when."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.profilers import PassThroughProfiler, Profiler
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from .step_times import DataWait, listen, listener

SECONDS_BETWEEN_LINES = 0.2  # by time and not by step, so that small steps pay nothing for it
SMALLEST_BAR, LARGEST_BAR = 5, 30


class Bar(Callback):
    """Show progress where a person is watching, and nothing in a log or a pipe.

    What others print meanwhile appears above the line. ``what`` is the first word of the line.
    """

    def __init__(self, what: str = "train", console: Console | None = None) -> None:
        self.what, self.console = what, console or Console()
        self._live: Live | None = None
        self._profiler: Profiler | None = None
        self._begun = self._drawn = 0.0
        self._steps = self._samples = 0

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Draw the line, and start the clock."""
        console = self.console
        if not trainer.is_global_zero or not console.is_terminal or console.is_dumb_terminal:
            return
        if isinstance(listener(trainer), PassThroughProfiler):
            listen(trainer, DataWait())
        self._profiler = listener(trainer)
        self._steps = self._samples = 0
        self._begun = self._drawn = time.perf_counter()
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count the step, and draw the line again when it is time."""
        if self._live is None:
            return
        self._steps += 1
        self._samples += len(batch.all_targets)
        now = time.perf_counter()
        if now - self._drawn >= SECONDS_BETWEEN_LINES:
            self._drawn = now
            self._live.update(self._line(trainer, batch_idx + 1), refresh=True)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Leave one line that says what there was."""
        if self._live is None:
            return
        self._close()
        seconds = time.perf_counter() - self._begun
        print(
            f"{self.what}: {trainer.current_epoch} epochs, {self._steps:,} steps in "
            f"{clock(seconds)} ({', '.join(self._speed(seconds))})",
            flush=True,
        )

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """Give the terminal back."""
        self._close()

    def _close(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _speed(self, seconds: float) -> list[str]:
        speed = [f"{self._samples / seconds:,.0f} samples/s"]
        if isinstance(self._profiler, DataWait):  # and no other, like that of debug=profile
            speed.append(f"data wait {self._profiler.waited / seconds:.0%}")
        return speed

    def _line(self, trainer: Trainer, batch: int) -> Table:
        """Everything that fits into the terminal's width, the most important first."""
        seconds = time.perf_counter() - self._begun
        batches, epochs = int(trainer.num_training_batches), trainer.max_epochs or 1
        left = batches * (epochs - trainer.current_epoch) - batch
        parts = [
            self.what,
            f"epoch {trainer.current_epoch + 1}/{epochs}",
            f"at most {clock(seconds / self._steps * left)}",
            *self._speed(seconds),
            *(
                f"{name.removesuffix('/loss')} {float(trainer.callback_metrics[name]):.4f}"
                for name in ("val/loss", "train/loss")
                if name in trainer.callback_metrics
            ),
            f"batch {batch}/{batches}",
        ]
        room = self.console.width - 1  # the last column would break the line on some terminals
        while len(parts) > 1 and sum(len(part) + 1 for part in parts) + SMALLEST_BAR > room:
            parts.pop()
        width = min(LARGEST_BAR, room - sum(len(part) + 1 for part in parts))
        line = Table.grid(padding=(0, 1, 0, 0))
        done = batches * trainer.current_epoch + batch
        bar = ProgressBar(total=batches * epochs, completed=done, width=max(1, width))
        line.add_row(parts[0], bar, *parts[1:])
        return line


def clock(seconds: float) -> str:
    """Return a duration as h:mm:ss."""
    return str(timedelta(seconds=round(seconds)))
