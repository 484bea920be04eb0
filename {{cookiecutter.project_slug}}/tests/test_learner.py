from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional

from {{ cookiecutter.package_name }}.config import (
    AdamW,
    ClassWeights,
    Config,
    Optimizer,
    Schedule,
)
from {{ cookiecutter.package_name }}.learner import Learner, rate_at

STEPS = 100


@pytest.fixture
def choice() -> Optimizer:
    return AdamW("torch.optim.AdamW", 0.01, 0.0, Schedule.cosine, 0.1, False)


class Silent(Learner):
    def log(self, *_: object, **__: object) -> None:
        """There is no Trainer to log to."""


def learner(choice: Optimizer, weights: ClassWeights, counts: list[int]) -> Learner:
    return Silent(nn.Linear(2, len(counts)), choice, counts, weights)


def test_the_rate_warms_up_to_its_maximum_and_falls_to_zero(choice: Optimizer) -> None:
    rates = [rate_at(step, STEPS, choice) for step in range(STEPS + 1)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[:10] == sorted(rates[:10])
    assert rates[9] == rates[10] == max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)  # halfway between the end of the warm-up and the end
    assert rates[STEPS] == pytest.approx(0)


def test_a_constant_rate_stays_at_its_maximum_after_the_warm_up(choice: Optimizer) -> None:
    constant = replace(choice, schedule=Schedule.constant)
    assert {rate_at(step, STEPS, constant) for step in range(10, STEPS + 50)} == {1.0}


def test_one_step_of_training_has_a_rate(choice: Optimizer) -> None:
    assert rate_at(0, 1, choice) == 1
    assert 0 <= rate_at(7, 1, choice) <= 1


def test_without_weights_every_row_counts_the_same(choice: Optimizer) -> None:
    made = learner(choice, ClassWeights.none, [30, 10])
    inputs, targets = torch.randn(8, 2), torch.tensor([0, 0, 0, 0, 0, 0, 1, 1])
    expected = functional.cross_entropy(made.classifier(inputs), targets)
    assert made.training_step((inputs, targets), 0).item() == pytest.approx(expected.item())


def test_balanced_weights_let_every_class_count_the_same(choice: Optimizer) -> None:
    made = learner(choice, ClassWeights.balanced, [30, 10])
    inputs, targets = torch.randn(8, 2), torch.tensor([0, 0, 0, 0, 0, 0, 1, 1])
    losses = functional.cross_entropy(made.classifier(inputs), targets, reduction="none")
    expected = (losses[:6].mean() + losses[6:].mean()) / 2  # the batch has the classes' shares
    assert made.training_step((inputs, targets), 0).item() == pytest.approx(expected.item())


@pytest.mark.parametrize("weights", ClassWeights)
def test_the_validation_loss_does_not_depend_on_how_rows_fall_into_batches(
    choice: Optimizer, weights: ClassWeights
) -> None:
    inputs, targets = torch.randn(40, 2), torch.tensor([0] * 30 + [1] * 10)  # sorted, as prepared
    made = learner(choice, weights, [30, 10])
    expected = functional.cross_entropy(made.classifier(inputs), targets, made.class_weights)
    for rows in (1, 7, 40):
        made.loss.reset()
        for batch in zip(inputs.split(rows), targets.split(rows), strict=True):
            made.validation_step(batch, 0)
        assert made.loss.compute().item() == pytest.approx(expected.item(), rel=1e-5)


def test_checkpoints_hold_no_weights_of_classes(choice: Optimizer) -> None:
    names = learner(choice, ClassWeights.balanced, [30, 10]).state_dict()
    assert set(names) == {"classifier.weight", "classifier.bias"}


def test_every_parameter_moves_and_only_weights_of_connections_decay(
    default_config: Config,
) -> None:
    made = learner(default_config.optimizer, ClassWeights.none, [1, 1])
    made.trainer = type("Steps", (), {"estimated_stepping_batches": STEPS})()
    configured = made.configure_optimizers()
    decaying, others = configured["optimizer"].param_groups
    assert [id(weights) for weights in decaying["params"]] == [id(made.classifier.weight)]
    assert [id(weights) for weights in others["params"]] == [id(made.classifier.bias)]
    assert decaying["weight_decay"] == default_config.optimizer.weight_decay > 0
    assert others["weight_decay"] == 0
    assert configured["lr_scheduler"]["interval"] == "step"
