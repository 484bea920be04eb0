import pytest
import torch
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training.tracing import reason, trace


class Doubled(nn.Module):
    def forward(self, rows: Tensor) -> Tensor:
        return 2 * rows[:, :2]


class LooksAtValues(nn.Module):
    def forward(self, rows: Tensor) -> Tensor:
        return 2 * rows if rows.sum() > 0 else rows


class CountsRows(nn.Module):
    def forward(self, rows: Tensor) -> Tensor:
        return rows + torch.ones(2, 1)


def test_the_signature_names_what_goes_in_and_out() -> None:
    traced = trace(Doubled(), torch.ones(2, 3, dtype=torch.uint8), "values")
    assert traced.signature == {
        "input": {"name": "rows", "dtype": "uint8", "shape": [None, 3]},
        "output": {"name": "values", "dtype": "uint8", "shape": [None, 2]},
    }


@pytest.mark.parametrize("network", [LooksAtValues(), CountsRows()])
def test_a_network_that_depends_on_its_rows_is_refused(network: nn.Module) -> None:
    with pytest.raises(UserError, match=r"^model: torch.export cannot follow this network \(") as e:
        trace(network, torch.ones(2, 3), "values")
    assert "\n" not in str(e.value)


def test_the_reason_is_the_first_line_of_the_first_error() -> None:
    error = RuntimeError("it failed")
    error.__cause__ = ValueError("too long.\nTo debug, ...")
    assert reason(error) == "too long"
    assert reason(KeyError()) == "KeyError"
