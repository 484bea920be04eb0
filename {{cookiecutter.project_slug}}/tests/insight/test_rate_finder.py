import csv
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning.pytorch import LightningDataModule
from small_training import fit
from tiny_training import Slow, Tiny, loader, tiny_trainer
from torch.utils.data import DataLoader

from {{ cookiecutter.package_name }}.insight import rate_finder
from {{ cookiecutter.package_name }}.insight.rate_finder import (
    STEPS,
    Sweep,
    find_learning_rate,
    steepest,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training.batches import Batch

RATES = [10 ** (-6 + 6 * step / 99) for step in range(100)]


class Data(LightningDataModule):
    def train_dataloader(self) -> DataLoader[Batch]:
        return loader(3)  # fewer batches than steps of the sweep

    def val_dataloader(self) -> DataLoader[Batch]:
        return loader(3)


def curve(file: Path) -> tuple[list[float], list[float]]:
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    return [float(row["rate"]) for row in rows], [float(row["loss"]) for row in rows]


@pytest.mark.slow
def test_the_rate_rises_to_its_highest(tmp_path: Path) -> None:
    rate = find_learning_rate(tiny_trainer(tmp_path, []), Tiny(Slow()), Data(), tmp_path / "found")
    rates, losses = curve(tmp_path / "found" / "lr_find.csv")
    assert rates == pytest.approx(RATES)
    assert losses[-1] < losses[0]
    assert rate in rates
    assert rate > 1e-2  # a line in four dimensions bears much
    assert (tmp_path / "found" / "lr_find.png").read_bytes().startswith(b"\x89PNG")


def test_what_learns_at_a_share_of_the_rate_does_so_in_the_sweep_too(tmp_path: Path) -> None:
    class Shared(Tiny):
        def configure_optimizers(self) -> torch.optim.Optimizer:
            most, few = ({"lr": lr, "initial_lr": lr} for lr in (1.0, 0.1))
            groups = [{"params": [self.network.weight], **most}]
            return torch.optim.SGD([*groups, {"params": [self.network.bias], **few}])

        def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
            taken.append([group["lr"] for group in optimizer.param_groups])

    taken: list[list[float]] = []
    find_learning_rate(tiny_trainer(tmp_path, []), Shared(Slow()), Data(), tmp_path)
    assert [few for _, few in taken] == pytest.approx([0.1 * most for most, _ in taken])


@pytest.mark.slow
def test_each_step_is_taken_with_the_rate_that_is_noted(tmp_path: Path) -> None:
    taken: list[float] = []

    class Watched(Tiny):
        def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
            taken.append(optimizer.param_groups[0]["lr"])

    find_learning_rate(tiny_trainer(tmp_path, []), Watched(Slow()), Data(), tmp_path)
    assert taken == pytest.approx(curve(tmp_path / "lr_find.csv")[0])


@pytest.mark.slow
def test_accumulated_batches_share_a_rate(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, [], accumulate_grad_batches=3)
    find_learning_rate(trainer, Tiny(Slow()), Data(), tmp_path)
    rates = curve(tmp_path / "lr_find.csv")[0]
    assert trainer.global_step == STEPS
    assert rates[::3] == pytest.approx(RATES)


def test_a_loss_that_explodes_ends_the_sweep_and_is_not_in_the_curve(tmp_path: Path) -> None:
    class Explodes(Tiny):
        def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
            loss = super().training_step(batch, batch_idx)
            return loss * (math.nan if self.trainer.global_step >= 60 else 1.0)

    trainer = tiny_trainer(tmp_path, [])
    find_learning_rate(trainer, Explodes(Slow(), 1.0), Data(), tmp_path)
    rates, losses = curve(tmp_path / "lr_find.csv")
    assert len(rates) == 60
    assert all(map(math.isfinite, losses))
    assert trainer.global_step == 61


@pytest.mark.parametrize("center", [40, 60, 80])
def test_the_suggestion_is_where_the_loss_falls_most(center: int) -> None:
    losses = [1 / (1 + math.exp((step - center) / 4)) + 0.02 * (step % 2) for step in range(100)]
    assert RATES.index(steepest(RATES, losses)) == pytest.approx(center, abs=3)


def test_a_spike_is_no_fall() -> None:
    losses = [1 / (1 + math.exp((step - 50) / 6)) for step in range(100)]
    losses[79] += 0.2  # and down again in one step: the steepest of all, between two neighbours
    assert RATES.index(steepest(RATES, losses)) == pytest.approx(50, abs=3)


@pytest.mark.parametrize("losses", [[float(step) for step in range(100)], [1.0, 0.5, 0.2]])
def test_no_rate_is_suggested_where_the_loss_does_not_fall(losses: list[float]) -> None:
    with pytest.raises(UserError, match=r"debug=find_lr: the loss fell at no rate from 1e-06 to 1"):
        steepest(RATES[: len(losses)], losses)


def test_the_curve_has_every_step_and_marks_the_suggestion() -> None:
    losses = [1 / (1 + math.exp((step - 50) / 6)) for step in range(100)]
    axes = rate_finder.curve(RATES, losses, 1e-3).axes[0]
    line, mark = axes.lines
    assert np.asarray(line.get_xydata()).tolist() == [
        list(p) for p in zip(RATES, losses, strict=True)
    ]
    assert np.asarray(mark.get_xdata()).tolist() == [1e-3, 1e-3]
    assert str(mark.get_label()) == "steepest fall: 0.001"
    assert axes.get_xscale() == "log"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning rate", "smoothed loss")


def test_the_young_mean_is_not_drawn_to_zero(tmp_path: Path) -> None:
    sweep = Sweep()
    trainer = tiny_trainer(tmp_path, [sweep], max_epochs=1)
    trainer.fit(Tiny(Slow()), loader(1), loader(1))
    assert sweep.losses == [pytest.approx(float(trainer.callback_metrics["train/loss"]))]


@pytest.mark.slow
def test_a_rate_is_found_for_the_network_and_the_data_of_this_project(
    prepared: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_finder, "STEPS", 60)
    trained = fit(prepared, project)
    found = find_learning_rate(
        tiny_trainer(project, []), trained.learner, trained.data, project / "found"
    )
    assert rate_finder.LOWEST < found < rate_finder.HIGHEST
