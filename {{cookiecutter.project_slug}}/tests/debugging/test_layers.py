"""What is said of each layer, on networks whose numbers are known."""

import pytest
import torch
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.debugging.layers import Numbers, told, watch


class Twice(nn.Module):
    """A layer that is called twice, and a scaling that belongs to no layer."""

    def __init__(self) -> None:
        super().__init__()
        self.scaling = nn.Parameter(torch.ones(2))
        self.layer = nn.Linear(2, 2)

    def forward(self, rows: Tensor) -> Tensor:
        return self.layer(self.layer(rows * self.scaling))


def network() -> nn.Sequential:
    """Two layers of which the second changes what the first returned in its place."""
    first = nn.Linear(2, 4, bias=False)
    first.weight.data = torch.tensor([[1.0, 0], [-1, 0], [0, 2], [0, -2]])
    return nn.Sequential(first, nn.ReLU(inplace=True), nn.Sequential(nn.Linear(4, 3)))


def test_each_layer_is_seen_as_it_returns_before_the_next_changes_its_memory() -> None:
    passage = watch(network(), torch.tensor([[1.0, 1.0]]))
    linear, relu, _ = passage.layers
    assert [layer.name for layer in passage.layers] == ["0", "1", "2.0"]
    assert (linear.kind, linear.returned.shape) == ("Linear", (1, 4))
    assert (linear.returned.least, linear.returned.largest) == (-2, 2)
    assert (linear.returned.mean, linear.returned.zeros) == (0, 0)
    assert (relu.returned.least, relu.returned.mean, relu.returned.zeros) == (0, 0.75, 0.5)


def test_the_output_is_that_of_the_network_and_nothing_stays_behind() -> None:
    one, rows = network().train(), torch.tensor([[1.0, 2.0]])
    passage = watch(one, rows)
    assert torch.equal(passage.outputs, one(rows))
    assert torch.equal(passage.received, rows)
    assert [module for module in one.modules() if module._forward_hooks] == []
    assert len(watch(one, rows).layers) == 3


def test_a_layer_that_is_called_twice_is_there_twice() -> None:
    assert [layer.name for layer in watch(Twice(), torch.ones(1, 2)).layers] == ["layer", "layer"]


@pytest.mark.ml_test_score("infra-5")
@pytest.mark.parametrize(("place", "line"), [("0.weight", 0), ("2.0.bias", 2)])
def test_values_that_are_no_numbers_are_shown_where_they_begin(place: str, line: int) -> None:
    one = network()
    one.get_parameter(place).data.flatten()[0] = float("nan")
    lines = told(watch(one, torch.ones(1, 2)))
    broken = [number for number, text in enumerate(lines) if "NOT FINITE" in text]
    assert broken[0] == line
    assert f"{place} holds some" in lines[line + 1]
    assert sum("^" in text for text in lines) == 1


def test_weights_outside_of_any_layer_are_found_too() -> None:
    one = Twice()
    one.scaling.data[0] = float("inf")
    assert "scaling holds some" in told(watch(one, torch.ones(1, 2)))[1]


def test_sound_weights_are_not_blamed() -> None:
    lines = told(watch(network(), torch.tensor([[float("inf"), 1.0]])))
    assert "all weights are finite" in lines[1]


def test_numbers_are_those_of_finite_values() -> None:
    found = Numbers.of(torch.tensor([0.0, 4.0, float("nan"), float("inf")]))
    assert (found.mean, found.std, found.broken, found.zeros) == (2, 2, 2, 0.25)
    nothing = Numbers.of(torch.full((1, 2), float("nan")))
    assert (nothing.mean, nothing.broken) == (0, 2)
    assert Numbers.of(torch.zeros(1, 0)).zeros == 0
