import sys

import pytest
import torch

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.choices.instantiation import instantiate
from {{ cookiecutter.package_name }}.config.training import SGD, Schedule
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.mark.parametrize(
    "target", ["os.system", "torch.hub.urlopen", "torch.load", "torch.nn.Nothing", "this.s"]
)
def test_only_classes_of_allowed_packages_are_built(
    target: str, default_config: config.Config
) -> None:
    default_config.optimizer._target_ = target
    with pytest.raises(UserError, match=rf"{target}: only classes of torch.nn, "):
        instantiate(default_config.optimizer)
    assert "this" not in sys.modules  # importing it would have run it


def test_what_is_built_gets_the_fields_of_its_choice() -> None:
    choice = SGD("torch.optim.SGD", 0.5, 0.25, Schedule.constant, 0.0, 0.75, True)
    weights = [torch.nn.Parameter(torch.zeros(1))]
    built = instantiate(choice, weights, without=("schedule", "warmup"))
    assert isinstance(built, torch.optim.SGD)
    assert {key: built.defaults[key] for key in ("lr", "weight_decay", "momentum", "nesterov")} == {
        "lr": 0.5,
        "weight_decay": 0.25,
        "momentum": 0.75,
        "nesterov": True,
    }
