import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from some_tables import CHOICES, CLASSES, described, some_rows
from torch import nn
from torch.nn import functional

from {{ cookiecutter.package_name }}.config_kit import MODELS
from {{ cookiecutter.package_name }}.model import build, example_input
from {{ cookiecutter.package_name }}.training.objective import objective_for
from {{ cookiecutter.package_name }}.training.settings import ClassWeights

networks = pytest.mark.parametrize("choice", CHOICES, ids=["tabm", "mlp"])
tasks = pytest.mark.parametrize("classes", [CLASSES, []], ids=["classes", "values"])


def test_every_network_of_the_configuration_is_tested_here() -> None:
    assert {choice._target_ for choice in CHOICES} == set(MODELS)


@networks
@pytest.mark.parametrize(("numbers", "categories"), [(1, 0), (3, 0), (0, 1), (0, 3), (3, 3)])
def test_tables_of_any_columns_become_one_logit_a_class_or_one_value(
    choice: Any, numbers: int, categories: int
) -> None:
    table = some_rows(30, numbers, categories)
    about = described(table, numbers)
    for rows in (1, 5):
        logits = build(choice, about).eval()(table[:rows])
        assert logits.shape == (rows, 3)
        assert logits.isfinite().all()
        assert build(choice, replace(about, classes=[])).eval()(table[:rows]).shape == (rows,)


@networks
def test_members_are_apart_in_training_and_predict_together(choice: Any) -> None:
    table, members = some_rows(8), getattr(choice, "members", 1)
    about, still = described(table), replace(choice, dropout=0.0)
    network = build(still, about)
    apart = network.train()(table)
    assert apart.shape == (8, members, 3)
    torch.testing.assert_close(network.eval()(table).exp(), apart.softmax(-1).mean(1))
    network = build(still, replace(about, classes=[]))
    values = network.train()(table)
    assert values.shape == (8, members)
    torch.testing.assert_close(network.eval()(table), values.mean(1))


def test_each_member_sees_the_columns_in_its_own_way() -> None:
    table = some_rows(8)
    apart = build(CHOICES[0], described(table)).train()(table)
    differences = (apart[:, :, None] - apart[:, None]).abs().mean((0, 3))
    assert (differences + torch.eye(4) > 1e-3).all()


@networks
def test_an_untrained_network_knows_nothing(choice: Any) -> None:
    table = some_rows(300)
    about, targets = described(table), torch.arange(300) % 3
    losses: list[float] = []
    values: list[float] = []
    for seed in range(5):
        torch.manual_seed(seed)
        logits = build(choice, about).eval()(table)
        losses.append(functional.cross_entropy(logits, targets).item())
        values.append(build(choice, replace(about, classes=[])).eval()(table).mean().item())
    assert np.mean(losses) == pytest.approx(math.log(3), rel=0.1)
    assert np.mean(values) == pytest.approx(50, abs=2)  # half a standard deviation of the target


@networks
def test_values_are_in_the_unit_of_the_target(choice: Any) -> None:
    table = some_rows(8)
    about = described(table, classes=[])
    here, there = (build(choice, about).eval() for _ in range(2))
    there.load_state_dict(here.state_dict() | {"target": torch.tensor([50_000.0, 4_000.0])})
    torch.testing.assert_close(there(table), 1000 * here(table))


@networks
@tasks
def test_gradients_reach_every_parameter(choice: Any, classes: list[str]) -> None:
    table = some_rows(64)
    network = build(replace(choice, dropout=0.0), described(table, classes=classes))
    targets = np.arange(64) % 3
    loss = objective_for(targets, classes, ClassWeights.none)
    for _ in range(2):
        loss.losses(network(table), torch.from_numpy(targets)).mean().backward()
    for name, weights in network.named_parameters():
        assert weights.grad is not None, name
        assert weights.grad.abs().sum() > 0, name


@networks
@tasks
def test_a_few_rows_can_be_learnt_by_heart(choice: Any, classes: list[str]) -> None:
    torch.manual_seed(0)
    table, targets = some_rows(12), np.arange(12) % 3
    if not classes:
        targets = 46.0 + 4 * targets
    network = build(replace(choice, dropout=0.0), described(table, classes=classes))
    objective = objective_for(targets, classes, ClassWeights.none)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.02)
    for _ in range(150):
        loss = objective.losses(network(table), torch.from_numpy(targets)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


@networks
def test_rows_do_not_see_each_other_once_it_is_trained(choice: Any) -> None:
    table = some_rows(6)
    network = build(choice, described(table)).eval()
    alone = torch.cat([network(row[None]) for row in table])
    torch.testing.assert_close(network(table), alone, rtol=0, atol=1e-5)
    assert torch.equal(network(table), network(table))


@networks
@pytest.mark.parametrize("field", ["width", "blocks", "embedding", "bins", "members"])
def test_what_was_configured_is_in_the_network(choice: Any, field: str) -> None:
    def parameters(**changes: int) -> int:
        built = build(replace(choice, **changes), described(some_rows(9)))
        return sum(weights.numel() for weights in built.parameters())

    if hasattr(choice, field):
        assert parameters() < parameters(**{field: 2 * getattr(choice, field)})
    modules = build(choice, described(some_rows(9))).modules()
    assert {one.p for one in modules if isinstance(one, nn.Dropout)} == {choice.dropout}


@networks
@pytest.mark.parametrize(("numbers", "categories"), [(3, 3), (2, 0), (0, 2)])
def test_the_exported_program_takes_any_number_of_rows(
    choice: Any, numbers: int, categories: int
) -> None:
    table = some_rows(50, numbers, categories)
    about = described(table, numbers, CLASSES if categories else [])
    network = build(choice, about).eval()
    shapes = ({0: torch.export.Dim("batch", min=1)},)
    program = torch.export.export(network, (example_input(about),), dynamic_shapes=shapes).module()
    for rows in (1, 2, 50):
        torch.testing.assert_close(program(table[:rows]), network(table[:rows]))
