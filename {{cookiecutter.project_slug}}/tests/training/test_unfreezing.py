import math
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import ModelCheckpoint
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from {{ cookiecutter.package_name }}.training.unfreezing import (
    Backbone,
    Unfreezing,
    parameter_groups,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore:.*:ResourceWarning")
STEPS, FROZEN, EPOCHS, LR = 4, 2, 4, 0.01


class Toy(LightningModule):
    """A backbone with batch norm and dropout, and a head; the same at each construction."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        body = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU())
        self.backbone = Backbone(body, frozen_epochs=FROZEN, lr_share=0.1)
        self.head = nn.Linear(5, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.head(self.backbone(inputs))

    def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
        return (self(batch[0]) - batch[1]).square().mean()

    def validation_step(self, batch: list[Tensor], batch_idx: int) -> None:
        self(batch[0])

    def configure_optimizers(self) -> Any:
        groups = parameter_groups(self, LR)
        assert sum(len(group["params"]) for group in groups) == len(list(self.parameters()))
        return torch.optim.AdamW(groups, lr=LR, weight_decay=0.1)


class Watcher(Callback):
    """What the backbone and the head are at the end of each epoch."""

    def __init__(self) -> None:
        self.backbones: list[list[Tensor]] = []
        self.heads: list[Tensor] = []
        self.moments: list[int] = []

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        assert isinstance(pl_module, Toy)
        state = pl_module.backbone.state_dict().values()
        self.backbones.append([tensor.clone() for tensor in state])
        self.heads.append(pl_module.head.weight.detach().clone())
        self.moments.append(len(trainer.optimizers[0].state))


def train(folder: Path, *callbacks: Callback, start: Path | None = None) -> Toy:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(8, 3, generator=generator).repeat(STEPS, 1)  # whatever batch comes next
    rows = DataLoader(TensorDataset(inputs, inputs.sum(1, keepdim=True)), batch_size=8)
    trainer = Trainer(
        accelerator="cpu",
        max_epochs=EPOCHS,
        callbacks=[Unfreezing(), *callbacks],
        default_root_dir=folder,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=any(isinstance(one, ModelCheckpoint) for one in callbacks),
    )
    toy = Toy()
    trainer.fit(toy, rows, rows, ckpt_path=start)
    return toy


def same(some: list[Tensor], others: list[Tensor]) -> bool:
    return all(one.equal(other) for one, other in zip(some, others, strict=True))


def test_a_backbone_is_frozen_for_its_first_epochs_and_then_learns(tmp_path: Path) -> None:
    seen = Watcher()
    train(tmp_path, seen)
    before = list(Toy().backbone.state_dict().values())  # statistics of batch norm among them
    assert [same(state, before) for state in seen.backbones] == [True, True, False, False]
    assert seen.moments == [2, 2, 6, 6]  # of the head alone, then of the backbone's four as well
    heads = [Toy().head.weight, *seen.heads]
    assert not any(one.equal(after) for one, after in zip(heads, seen.heads, strict=False))


@pytest.mark.parametrize("step", [2, 4, 6, 8, 10, 14])
def test_an_interrupted_training_goes_on_as_if_it_had_not_been(tmp_path: Path, step: int) -> None:
    """At the end of an epoch and in the middle of one, before and after the backbone learns."""
    kept = ModelCheckpoint(tmp_path, "{step}", every_n_train_steps=2, save_top_k=-1)
    whole = train(tmp_path, kept)
    rest = train(tmp_path, start=tmp_path / f"step={step}.ckpt")
    for (name, one), other in zip(
        whole.state_dict().items(), rest.state_dict().values(), strict=True
    ):
        assert one.equal(other), name


def test_a_frozen_backbone_stays_in_evaluation_when_the_network_trains() -> None:
    toy = Toy()
    toy.backbone.freeze(True)
    toy.train()
    assert [module.training for module in toy.backbone.modules()] == [False] * 5
    assert toy.head.training
    toy.backbone.freeze(False)
    assert all(module.training for module in toy.modules())
    assert all(weights.requires_grad for weights in toy.parameters())


def test_among_several_processes_gradients_are_computed_and_dropped() -> None:
    toy, callback = Toy(), Unfreezing()
    optimizer = toy.configure_optimizers()
    trainer: Any = type("Two", (), {"world_size": 2, "current_epoch": 0})()
    callback.on_train_epoch_start(trainer, toy)
    before = list(Toy().backbone.state_dict().values())
    toy(torch.randn(4, 3)).sum().backward()
    assert all(weights.grad is not None for weights in toy.parameters())
    callback.on_before_optimizer_step(trainer, toy, optimizer)
    optimizer.step()
    assert same(list(toy.backbone.state_dict().values()), before)
    trainer.current_epoch = FROZEN
    callback.on_train_epoch_start(trainer, toy)
    toy(torch.randn(4, 3)).sum().backward()
    callback.on_before_optimizer_step(trainer, toy, optimizer)
    assert all(weights.grad is not None for weights in toy.parameters())


def test_a_backbone_has_groups_of_its_own_and_only_weights_of_connections_decay() -> None:
    toy = Toy()
    found = {
        name: (group["lr"], group.get("weight_decay"))
        for name, weights in toy.named_parameters()
        for group in parameter_groups(toy, LR)
        if any(weights is one for one in group["params"])
    }
    slow = pytest.approx(0.1 * LR)
    assert found == {
        "backbone.module.0.weight": (slow, None),
        "backbone.module.0.bias": (slow, 0.0),
        "backbone.module.1.weight": (slow, 0.0),
        "backbone.module.1.bias": (slow, 0.0),
        "head.weight": (LR, None),
        "head.bias": (LR, 0.0),
    }


def test_what_is_frozen_is_among_the_parameters_and_can_learn_later() -> None:
    toy = Toy()
    toy.backbone.freeze(True)
    together = [one for group in parameter_groups(toy, LR) for one in group["params"]]
    assert {id(one) for one in together} == {id(one) for one in toy.parameters()}


def test_a_network_without_a_backbone_has_two_groups() -> None:
    decaying, others = parameter_groups(nn.Linear(2, 3), LR)
    assert (decaying["lr"], others["lr"]) == (LR, LR)
    assert "weight_decay" not in decaying
    assert math.isclose(others["weight_decay"], 0.0)
