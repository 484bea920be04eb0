"""What the group `trainer` asks for is what happens to the weights."""

import gc
import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import plain_network
import pytest
import torch
from killed_training import training
from kills import needs_sigkill
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import Trained, fit
from torch import Tensor
from torch.nn.utils import get_total_norm
from torch.optim import Optimizer

from {{ cookiecutter.package_name }}.runtime.composition import CONF
from {{ cookiecutter.package_name }}.runtime.garbage import USUAL, search_seldom
from {{ cookiecutter.package_name }}.training import fitting
from {{ cookiecutter.package_name }}.training.learner import Learner
from {{ cookiecutter.package_name }}.training.trainer import start

CLIP, DECAY = 0.01, 0.9
STEADY = ["optimizer=sgd", "optimizer.schedule=constant", "optimizer.warmup=0.0"]
CHOICES = sorted(file.stem for file in (CONF / "trainer").glob("*.yaml"))


class Gradients(Callback):
    """How long the gradients are before each step, and when it has been made."""

    def __init__(self) -> None:
        self.before, self.after = list[float](), list[float]()

    def on_before_optimizer_step(
        self, trainer: Trainer, pl_module: LightningModule, optimizer: Optimizer
    ) -> None:
        self.before.append(norm(pl_module))

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: object,
        batch: object,
        batch_idx: int,
    ) -> None:
        self.after.append(norm(pl_module))


class Average(Callback):
    """The moving average of the weights, computed by hand."""

    def __init__(self) -> None:
        self.average: Tensor | None = None
        self.of_epochs, self.validated = list[Tensor](), list[Tensor]()

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: object,
        batch: object,
        batch_idx: int,
    ) -> None:
        now = weights_of(pl_module)
        self.average = now if self.average is None else DECAY * self.average + (1 - DECAY) * now
        if batch_idx + 1 == trainer.num_training_batches:
            self.of_epochs.append(self.average)

    def on_validation_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: object,
        batch: object,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        self.validated.append(weights_of(pl_module))


def norm(learner: LightningModule) -> float:
    return float(get_total_norm([w.grad for w in learner.parameters() if w.grad is not None]))


def weights_of(learner: LightningModule) -> Tensor:
    return torch.cat([weights.detach().flatten() for weights in learner.parameters()])


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "build", plain_network.build)


def without_noise(
    prepared: Path, project: Path, *overrides: str, callbacks: Sequence[Callback] = ()
) -> Trained:
    return fit(prepared, project, *STEADY, *overrides, callbacks=callbacks, augmented=False)


def test_gradients_are_clipped_to_their_length(prepared: Path, project: Path) -> None:
    for setting, clipped in (("null", False), (str(CLIP), True)):
        seen = Gradients()
        fit(prepared, project, f"trainer.gradient_clip={setting}", callbacks=[seen])
        assert max(seen.before) > 2 * CLIP
        assert (max(seen.after) <= CLIP * 1.0001) is clipped


@pytest.mark.usefixtures("plain")
def test_two_batches_of_one_step_are_one_of_twice_the_rows(prepared: Path, project: Path) -> None:
    together, one_by_one = (
        without_noise(prepared, project, f"data.batch_size={rows}", *settings)
        for rows, settings in (
            (16, ["trainer.overfit_batches=2"]),
            (8, ["trainer.overfit_batches=4", "trainer.accumulate=2"]),
        )
    )
    assert one_by_one.learner.trainer.global_step == together.learner.trainer.global_step == 6
    found, expected = weights_of(one_by_one.learner), weights_of(together.learner)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


def test_the_average_of_the_weights_is_validated_and_kept(prepared: Path, project: Path) -> None:
    seen = Average()
    trained = fit(prepared, project, f"trainer.ema={DECAY}", callbacks=[seen])
    assert len(seen.of_epochs) == len(seen.validated) == 3
    for average, validated in zip(seen.of_epochs, seen.validated, strict=True):
        torch.testing.assert_close(validated, average)
    kept = weights_of(trained.learner)
    torch.testing.assert_close(kept, seen.of_epochs[trained.history.best_epoch])
    best = trained.history.best_metrics["val/loss"]
    assert trained.validation_loss() == pytest.approx(best, rel=1e-5)


class Lose(Callback):
    """Validate the second epoch with a loss that is not finite."""

    def __init__(self, loss: float) -> None:
        self.loss = torch.tensor(loss)

    def on_validation_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: object,
        batch: object,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        if trainer.current_epoch == 1:
            cast(Learner, pl_module).loss.update(self.loss)


@pytest.mark.slow
@pytest.mark.parametrize("loss", [math.inf, math.nan])
def test_an_epoch_whose_validation_is_not_finite_is_a_bad_one_and_not_the_last(
    prepared: Path, project: Path, loss: float
) -> None:
    history = fit(prepared, project, "trainer.max_epochs=4", callbacks=[Lose(loss)]).history
    assert [math.isfinite(row["val/loss"]) for row in history.rows] == [True, False, True, True]
    assert math.isfinite(history.best_metrics["val/loss"])
    stopped = fit(
        prepared, project, "trainer.max_epochs=4", "trainer.patience=1", callbacks=[Lose(loss)]
    )
    assert len(stopped.history.rows) == 2


@pytest.mark.slow
def test_bfloat16_on_a_cpu_learns_nearly_the_same(prepared: Path, project: Path) -> None:
    exact, mixed = (
        fit(prepared, project, f"trainer.precision={precision}").history.best_metrics
        for precision in ("32-true", "bf16-mixed")
    )
    assert mixed["val/loss"] == pytest.approx(exact["val/loss"], rel=0.1)
    assert mixed["val/loss"] != exact["val/loss"]


def test_what_training_leaves_is_searched_for_as_often_as_python_does() -> None:
    search_seldom()
    start(0, None)
    assert gc.get_threshold() == USUAL


@pytest.mark.slow
@needs_sigkill
@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_goes_through_each_step_in_one_process_on_a_cpu(
    prepared: Path, tmp_path: Path, choice: str
) -> None:
    here = ["trainer.accelerator=cpu", "trainer.devices=1", "trainer.fast_dev_run=true"]
    ended = training(prepared, tmp_path, f"trainer={choice}", *here)
    assert ended.code == 0, ended.printed
    assert ended.outcome is not None
    assert ended.outcome.steps == 1
    assert ended.outcome.history.count("\n") == 2
