"""Which learning rate? One that rises from step to step, and the loss at each (Smith, 2017)."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightning.pytorch import Callback, LightningDataModule, LightningModule, Trainer

from ..runtime.errors import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 100
LOWEST, HIGHEST = 1e-6, 1.0
INERTIA = 0.9  # of the smoothed loss
STOP_AT = 4.0  # times the lowest loss so far, and training has diverged
EARLY = 10  # steps left out, in which the mean is young
WIDE = 5  # steps to each side over which a fall is measured: two thirds of a decade in all


@dataclass
class Sweep(Callback):
    """Give each step of the optimizer a rate of its own, and keep the loss that it met."""

    rates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # smoothed
    _mean: float = 0.0
    _rate: float = LOWEST

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Set the rate; the learner's own schedule set another after the last step."""
        self._rate = LOWEST * (HIGHEST / LOWEST) ** (trainer.global_step / (STEPS - 1))
        for optimizer in trainer.optimizers:
            highest = max(group["initial_lr"] for group in optimizer.param_groups)
            for group in optimizer.param_groups:  # some learn at a share of the rate
                group["lr"] = self._rate * group["initial_lr"] / highest

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Smooth the loss, and stop when it explodes or the highest rate is reached."""
        loss = float(trainer.strategy.reduce(outputs["loss"].detach(), reduce_op="mean"))
        self._mean = INERTIA * self._mean + (1 - INERTIA) * loss
        smooth = self._mean / (1 - INERTIA ** (len(self.losses) + 1))
        exploded = not math.isfinite(smooth) or smooth > STOP_AT * min(self.losses, default=smooth)
        if not exploded:
            self.rates.append(self._rate)
            self.losses.append(smooth)
        if exploded or trainer.global_step >= STEPS:
            trainer.should_stop = True


def find_learning_rate(
    trainer: Trainer, learner: LightningModule, data: LightningDataModule, folder: Path
) -> float:
    """Return the rate at which the loss falls most steeply, and write the curve into ``folder``.

    ``trainer`` and ``learner`` serve for this only: callbacks and validation are switched off, and
    the weights are those of the highest rate.

    Args:
        trainer: one that was not used yet.
        learner: like what is to be trained, with its optimizer.
        data: gives the batches.
        folder: gets lr_find.csv and lr_find.png.

    Raises:
        UserError: when the loss falls at no rate.
    """
    sweep = Sweep()
    trainer.callbacks = [sweep]  # pyrefly: ignore[missing-attribute]
    trainer.limit_val_batches = 0
    trainer.fit_loop.max_epochs = STEPS * trainer.accumulate_grad_batches  # of one batch or more
    trainer.fit(learner, data)
    rate = steepest(sweep.rates, sweep.losses)
    if trainer.is_global_zero:
        _write(sweep, rate, folder)
    return rate


def steepest(rates: list[float], losses: list[float]) -> float:
    """Return the rate around which ``losses`` fall most; ``rates`` are in a geometric row.

    Raises:
        UserError: when they fall nowhere.
    """
    middles = range(EARLY + WIDE, len(losses) - WIDE)
    falls = {middle: losses[middle - WIDE] - losses[middle + WIDE] for middle in middles}
    best = max(falls, key=falls.__getitem__, default=0)
    if falls.get(best, 0.0) > 0:
        return rates[best]
    raise UserError(
        f"debug=find_lr: the loss fell at no rate from {LOWEST:g} to {HIGHEST:g} "
        f"({len(losses)} steps). `uv run train debug=overfit` says if the network can learn at all."
    )


def curve(rates: list[float], losses: list[float], rate: float) -> Figure:
    """Draw the losses over the rates, and mark the suggested ``rate``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot(xscale="log", xlabel="learning rate", ylabel="smoothed loss")
    axes.plot(rates, losses)
    axes.axvline(rate, color="tab:red", linestyle="--", label=f"steepest fall: {rate:.2g}")
    axes.legend()
    return figure


def _write(sweep: Sweep, rate: float, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lr_find.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["rate", "loss"])
        writer.writerows(zip(sweep.rates, sweep.losses, strict=True))
    curve(sweep.rates, sweep.losses, rate).savefig(folder / "lr_find.png", dpi=120)
