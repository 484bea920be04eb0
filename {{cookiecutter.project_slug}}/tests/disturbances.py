"""What disturbs a training, and the moments at which it can."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

BYTES_LEFT = 4096  # on a full disk; a checkpoint has more


@dataclass(frozen=True)
class Disturbance:
    """At ``moment``, like "batch 5" or "before rename 2", do ``what``.

    That is the names of signals that the process gets, "full disk" or "killed while writing".
    """

    moment: str
    what: str = "SIGKILL"

    def strike(self) -> None:
        """Do it."""
        if self.what.startswith("SIG"):
            for name in self.what.split():
                os.kill(os.getpid(), getattr(signal, name))
            return
        import resource  # Windows has none

        sys.dont_write_bytecode = True  # Python leaves halves of it, and imports them ever after
        resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES_LEFT, resource.RLIM_INFINITY))
        if self.what == "killed while writing":  # the system's answer, which Python declines
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


class Moments(Callback):
    """Counts what happens in a training, and disturbs it at a chosen moment."""

    def __init__(self, disturbance: Disturbance | None) -> None:
        self.disturbance, self.counts = disturbance, Counter[str]()
        self.seen: list[str] = []

    def now(self, what: str) -> None:
        """Count one more."""
        self.counts[what] += 1
        self.seen.append(f"{what} {self.counts[what]}")
        if self.disturbance is not None and self.seen[-1] == self.disturbance.moment:
            self.disturbance.strike()

    def around(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """Count when ``action`` begins and ends."""

        def counted(*arguments: Any) -> None:
            self.now(f"before {action.__name__}")
            action(*arguments)
            self.now(f"after {action.__name__}")

        return counted

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int
    ) -> None:
        self.now("batch")

    def on_before_optimizer_step(
        self, trainer: Trainer, pl_module: LightningModule, optimizer: object
    ) -> None:
        self.now("step")

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.now("validation")

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.now("validated")

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.now("epoch")

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.now("end")
