from dataclasses import replace
from typing import Any

import pytest
import torch
from some_tables import CHOICES, CLASSES, described, some_rows
from torch import nn

from {{ cookiecutter.package_name }}.config.kit import MODELS
from {{ cookiecutter.package_name }}.model import build, example_input

pytestmark = pytest.mark.ml_test_score("infra-2")

networks = pytest.mark.parametrize("choice", CHOICES, ids=["tabm", "mlp"])


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
def test_values_are_in_the_unit_of_the_target(choice: Any) -> None:
    table = some_rows(8)
    about = described(table, classes=[])
    here, there = (build(choice, about).eval() for _ in range(2))
    there.load_state_dict(here.state_dict() | {"target": torch.tensor([50_000.0, 4_000.0])})
    torch.testing.assert_close(there(table), 1000 * here(table))


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


@pytest.mark.slow
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
