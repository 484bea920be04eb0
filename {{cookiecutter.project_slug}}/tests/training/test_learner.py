from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.config.training import (
    AdamW,
    ClassWeights,
    Optimizer,
    Schedule,
)
from {{ cookiecutter.package_name }}.training.batches import Batch
from {{ cookiecutter.package_name }}.training.learner import Learner, rate_at
from {{ cookiecutter.package_name }}.training.objective import (
    Classification,
    Objective,
    Regression,
)

STEPS = 100


@pytest.fixture
def choice() -> Optimizer:
    return AdamW("torch.optim.AdamW", 0.01, 0.0, Schedule.cosine, 0.1, False)


def batch_of(inputs: Tensor, targets: Tensor, all_targets: Tensor | None = None) -> Batch:
    return Batch(inputs, targets, targets if all_targets is None else all_targets, 0)


def alone(made: Learner, processes: int = 1) -> Learner:
    """One of some processes, without a Trainer."""
    made.trainer = type("Alone", (), {"world_size": processes})()
    return made


def learner(choice: Optimizer, weights: ClassWeights, counts: list[int]) -> Learner:
    return alone(Learner(nn.Linear(2, len(counts)), choice, Classification(counts, weights)))


def test_the_rate_warms_up_to_its_maximum_and_falls_to_zero(choice: Optimizer) -> None:
    rates = [rate_at(step, STEPS, choice) for step in range(STEPS + 1)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[:10] == sorted(rates[:10])
    assert rates[9] == rates[10] == max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)  # halfway between the end of the warm-up and the end
    assert rates[STEPS] == pytest.approx(0)
    assert rate_at(2 * STEPS, STEPS, choice) == pytest.approx(0)  # and does not rise again


def test_a_constant_rate_stays_at_its_maximum_after_the_warm_up(choice: Optimizer) -> None:
    constant = replace(choice, schedule=Schedule.constant)
    assert {rate_at(step, STEPS, constant) for step in range(10, STEPS + 50)} == {1.0}
    assert [rate_at(step, STEPS, constant) for step in (0, 4)] == pytest.approx([0.1, 0.5])


def test_one_step_of_training_has_a_rate(choice: Optimizer) -> None:
    assert rate_at(0, 1, choice) == 1
    assert 0 <= rate_at(7, 1, choice) <= 1


def test_without_weights_every_row_counts_the_same(choice: Optimizer) -> None:
    made = learner(choice, ClassWeights.none, [30, 10])
    inputs, targets = torch.randn(8, 2), torch.tensor([0, 0, 0, 0, 0, 0, 1, 1])
    expected = functional.cross_entropy(made.network(inputs), targets)
    assert made.training_step(batch_of(inputs, targets), 0).item() == pytest.approx(expected.item())


def test_balanced_weights_let_every_class_count_the_same(choice: Optimizer) -> None:
    made = learner(choice, ClassWeights.balanced, [30, 10])
    inputs, targets = torch.randn(8, 2), torch.tensor([0, 0, 0, 0, 0, 0, 1, 1])
    losses = functional.cross_entropy(made.network(inputs), targets, reduction="none")
    expected = (losses[:6].mean() + losses[6:].mean()) / 2  # the batch has the classes' shares
    assert made.training_step(batch_of(inputs, targets), 0).item() == pytest.approx(expected.item())


@pytest.mark.parametrize("weights", list(ClassWeights))
@pytest.mark.parametrize("rows", [[4, 4], [5, 3], [6, 1, 1]])
def test_the_mean_over_processes_is_the_loss_of_the_whole_batch(
    choice: Optimizer, weights: ClassWeights, rows: list[int]
) -> None:
    made = learner(choice, weights, [30, 10])
    inputs, targets = torch.randn(8, 2), torch.tensor([0, 0, 0, 0, 0, 1, 1, 0])
    whole = made.training_step(batch_of(inputs, targets), 0)
    alone(made, len(rows))
    shares = [
        made.training_step(batch_of(own, its, targets), 0)
        for own, its in zip(inputs.split(rows), targets.split(rows), strict=True)
    ]
    torch.testing.assert_close(torch.stack(shares).mean(), whole)


@pytest.mark.parametrize(
    "objective",
    [
        Classification([30, 10], ClassWeights.none),
        Classification([30, 10], ClassWeights.balanced),
        Regression(2.0),
    ],
    ids=["classes", "balanced", "values"],
)
def test_the_validation_loss_does_not_depend_on_how_rows_fall_into_batches(
    choice: Optimizer, objective: Objective
) -> None:
    inputs, targets = torch.randn(40, 2), torch.tensor([0] * 30 + [1] * 10)  # sorted, as prepared
    network: nn.Module = nn.Linear(2, 2)
    if isinstance(objective, Regression):
        network, targets = nn.Sequential(nn.Linear(2, 1), nn.Flatten(0)), targets.float()
    made = Learner(network, choice, objective)
    losses, weights = objective.losses(network(inputs), targets), objective.weights(targets)
    expected = (losses * weights).sum() / weights.sum()
    for rows in (1, 7, 40):
        made.loss.reset()
        for batch in zip(inputs.split(rows), targets.split(rows), strict=True):
            made.validation_step(batch_of(*batch), 0)
        assert made.loss.compute().item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_loss_that_is_no_number_is_seen(choice: Optimizer) -> None:
    made = Learner(nn.Identity(), choice, Regression(1.0))
    for value in (1.0, float("nan"), 1.0):
        made.validation_step(batch_of(torch.tensor([value, value]), torch.zeros(2)), 0)
    assert made.loss.compute().item() == float("inf")


def test_checkpoints_hold_no_weights_of_classes(choice: Optimizer) -> None:
    names = learner(choice, ClassWeights.balanced, [30, 10]).state_dict()
    assert set(names) == {"network.weight", "network.bias"}


def test_every_parameter_moves_and_only_weights_of_connections_decay(
    default_config: Config,
) -> None:
    made = learner(default_config.optimizer, ClassWeights.none, [1, 1])
    made.trainer = type("Steps", (), {"estimated_stepping_batches": STEPS})()
    configured = made.configure_optimizers()
    decaying, others = configured["optimizer"].param_groups
    assert [id(weights) for weights in decaying["params"]] == [id(made.network.weight)]
    assert [id(weights) for weights in others["params"]] == [id(made.network.bias)]
    assert decaying["weight_decay"] == default_config.optimizer.weight_decay > 0
    assert others["weight_decay"] == 0
    assert configured["lr_scheduler"]["interval"] == "step"
