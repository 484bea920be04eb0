"""Gradients of our own modules, compared in float64 with differences of what they return."""

import math
from collections.abc import Callable

import pytest
import torch
from some_tables import CHOICES, NUMBERS, described, some_rows
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.func import functional_call

from {{ cookiecutter.package_name }}.model import (
    MLP,
    CategoryEmbedding,
    NumberEmbedding,
    TabM,
    build,
)

pytestmark = pytest.mark.ml_test_score("infra-2")

NETWORKS: dict[str, nn.Module] = {
    "mlp": MLP(3, 2, embedding=2, width=3, blocks=2, dropout=0.0),
    "tabm": TabM(3, 2, embedding=2, members=2, width=3, blocks=2, dropout=0.0),
}


def of_weights(module: nn.Module, inputs: Tensor) -> tuple[Callable[..., Tensor], list[Tensor]]:
    """The module as a function of its parameters, and values for them."""
    torch.manual_seed(0)
    names = [name for name, _ in module.double().named_parameters()]
    weights = [torch.randn_like(one).requires_grad_() for one in module.parameters()]

    def call(*weights: Tensor) -> Tensor:
        return functional_call(module, dict(zip(names, weights, strict=True)), inputs)

    return call, weights


def embeddings() -> tuple[NumberEmbedding, CategoryEmbedding]:
    network = build(CHOICES[1], described(some_rows(40)))
    return network.numbers, network.categories


def test_numbers_and_their_vectors_have_the_gradients_of_the_function() -> None:
    numbers = embeddings()[0].double()
    rows = some_rows(6)[:, :NUMBERS].double()
    call, weights = of_weights(numbers, rows)
    assert rows.isnan().any()
    assert gradcheck(call, weights)
    for weight, value in zip(numbers.parameters(), weights, strict=True):
        weight.data = value.detach()

    def of_standardised(scaled: Tensor) -> Tensor:  # so that one step suits every column
        return numbers(numbers.mean + scaled * numbers.std)

    assert gradcheck(of_standardised, torch.randn_like(rows).requires_grad_())


def test_a_missing_number_has_no_gradient_of_its_own_value() -> None:
    numbers = embeddings()[0]
    rows = torch.full((2, NUMBERS), math.nan)
    numbers(rows).sum().backward()
    assert all(one.grad is not None and one.grad.isfinite().all() for one in numbers.parameters())


def test_the_vectors_of_categories_have_the_gradients_of_the_function() -> None:
    codes = some_rows(6)[:, NUMBERS:]
    codes[0], codes[1] = 99, math.nan  # unseen, and missing
    assert gradcheck(*of_weights(embeddings()[1], codes))


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_have_the_gradients_of_the_function(name: str) -> None:
    torch.manual_seed(1)
    vectors = torch.randn(4, 3, 2, dtype=torch.float64)
    call, weights = of_weights(NETWORKS[name], vectors)
    assert gradcheck(call, weights)
    assert gradcheck(NETWORKS[name], vectors.requires_grad_())


@pytest.mark.parametrize("classes", [["a", "b", "c"], []], ids=["classes", "values"])
def test_members_are_put_together_with_the_gradients_of_the_function(classes: list[str]) -> None:
    table = some_rows(4).double()
    network = build(CHOICES[0], described(some_rows(40), classes=classes)).double().eval()
    bias = torch.randn_like(network.state_dict()["network.bias"])

    def call(bias: Tensor) -> Tensor:
        return functional_call(network, {"network.bias": bias}, table)

    assert gradcheck(call, bias.requires_grad_())
