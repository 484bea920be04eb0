"""Numbers that are no longer finite stop a training, which says where they came from."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import fit
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training.batches import Batch
from {{ cookiecutter.package_name }}.training.checkpoints import newest_whole
from {{ cookiecutter.package_name }}.training.guard import (
    BATCHES_BETWEEN_LOOKS,
    Guard,
    culprit,
)

STEP = 7
ROLLING = ["trainer.checkpoints.steps=1"]


def network_of(pl_module: LightningModule) -> nn.Module:
    return pl_module.get_submodule("network")


def give_nan(_module: nn.Module, _inputs: object, outputs: Tensor) -> Tensor:
    return outputs * math.nan


def give_inf(gradient: Tensor) -> Tensor:
    return gradient * math.inf


class Spoil(Callback):
    """At STEP, note the checkpoints and make something no longer finite; say what."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.before = folder, dict[str, float]()
        self.name = ""

    def files(self) -> dict[str, float]:
        return {file.name: file.stat().st_mtime_ns for file in self.folder.iterdir()}

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int
    ) -> None:
        if trainer.global_step == STEP:
            self.before = self.files()
            self.spoil(network_of(pl_module))

    def spoil(self, network: nn.Module) -> None: ...


class SpoilWeights(Spoil):
    def spoil(self, network: nn.Module) -> None:
        self.name, weights = list(network.named_parameters())[2]
        weights.data.view(-1)[0] = math.nan


class SpoilOutput(Spoil):
    """A module that gives NaN from then on."""

    def spoil(self, network: nn.Module) -> None:
        linear = [name for name, one in network.named_modules() if isinstance(one, nn.Linear)]
        self.name = linear[0]
        network.get_submodule(self.name).register_forward_hook(give_nan)


class SpoilGradients(Spoil):
    """The loss is a number, and its gradients are not."""

    def spoil(self, network: nn.Module) -> None:
        self.name, weights = next(iter(network.named_parameters()))
        weights.register_hook(give_inf)


@pytest.fixture
def folder(project: Path) -> Path:
    return project / "runs" / "one" / "scratch" / "checkpoints"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (SpoilWeights, "the weights {} are not finite"),
        (SpoilOutput, "the output of {} is not finite"),
    ],
)
@pytest.mark.ml_test_score("mon-5")
def test_the_step_and_the_module_are_named_and_no_checkpoint_is_touched(
    prepared: Path, project: Path, folder: Path, kind: type[Spoil], message: str
) -> None:
    spoil = kind(folder)
    with pytest.raises(UserError) as caught:
        fit(prepared, project, *ROLLING, callbacks=[spoil])
    text = str(caught.value)
    assert text.startswith(f"training diverged at step {STEP}: {message.format(spoil.name)}")
    assert "Lower optimizer.lr" in text
    assert spoil.files() == spoil.before
    assert_good(newest_whole(folder))


@pytest.mark.parametrize("clip", ["null", "1.0"])
@pytest.mark.ml_test_score("mon-5")
def test_weights_that_a_step_has_spoiled_are_not_kept(
    prepared: Path, project: Path, folder: Path, clip: str
) -> None:
    spoil = SpoilGradients(folder)
    with pytest.raises(UserError, match=f"training diverged at step {STEP + 1}: the weights "):
        fit(prepared, project, *ROLLING, f"trainer.gradient_clip={clip}", callbacks=[spoil])
    assert spoil.files() == spoil.before
    assert_good(newest_whole(folder))


def assert_good(checkpoint: Path | None) -> None:
    assert checkpoint is not None
    state = torch.load(checkpoint, weights_only=True)["state_dict"]
    assert all(torch.isfinite(weights).all() for weights in state.values())


class Learning(LightningModule):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network


def batch_of(inputs: Tensor) -> Batch:
    targets = torch.zeros(len(inputs), dtype=torch.int64)
    return Batch(inputs, targets, targets, 0)


@pytest.mark.ml_test_score("mon-5")
def test_infinite_inputs_are_noticed_where_they_first_do_harm() -> None:
    learner = Learning(nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)))
    inputs = torch.randn(5, 4)
    assert culprit(learner, batch_of(inputs)) == "the loss is not finite"
    inputs[2, 1] = math.inf
    assert culprit(learner, batch_of(inputs)) == "the output of 0 is not finite"
    bounded = Learning(nn.Sequential(nn.Tanh(), learner.network))
    assert culprit(bounded, batch_of(inputs)) == "the loss is not finite"


def test_looking_for_it_leaves_no_hook() -> None:
    learner = Learning(nn.Linear(2, 2))
    culprit(learner, batch_of(torch.full((1, 2), math.nan)))
    assert not learner.network._forward_hooks


def test_a_gpu_is_asked_now_and_then_and_the_first_bad_step_is_named() -> None:
    guard, learner = Guard(), Learning(nn.Linear(2, 2))
    trainer: Any = type("At", (), {"global_step": 0})()
    guard.on_train_batch_start(trainer, learner, batch_of(torch.ones(1, 2)), 0)
    for step, loss in enumerate([1.0, math.nan, 1.0, math.inf]):
        guard.note(torch.tensor(loss), step)
        guard.on_train_batch_end(trainer, learner, None, None, BATCHES_BETWEEN_LOOKS + 1)
    for look in (
        lambda: guard.on_train_batch_end(trainer, learner, None, None, BATCHES_BETWEEN_LOOKS),
        lambda: guard.on_train_epoch_end(trainer, learner),
        lambda: guard.on_save_checkpoint(trainer, learner, {}),
    ):
        with pytest.raises(UserError, match="training diverged at step 1: "):
            look()
