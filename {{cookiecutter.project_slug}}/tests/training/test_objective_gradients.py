"""Gradients of the losses, compared in float64 with differences of what they return."""

import numpy as np
import pytest
import torch
from configured import configured
from torch import Tensor
from torch.autograd import gradcheck

from {{ cookiecutter.package_name }}.training.objective import objective_for

pytestmark = pytest.mark.ml_test_score("infra-2")

ROWS, CLASSES, MEMBERS = 5, 3, 2
SHAPES = {
    "classes": (ROWS, CLASSES),
    "classes of members": (ROWS, MEMBERS, CLASSES),
    "values": (ROWS,),
    "values of members": (ROWS, MEMBERS),
}


@pytest.mark.slow
@pytest.mark.parametrize("balance", ["none", "balanced"])
@pytest.mark.parametrize("kind", SHAPES)
def test_losses_have_the_gradients_of_the_function(kind: str, balance: str) -> None:
    torch.manual_seed(0)
    targets = np.arange(ROWS) % CLASSES
    classes = ["a", "b", "c"] if kind.startswith("classes") else []
    chosen = configured(f"trainer.class_weights={balance}").trainer.class_weights
    objective = objective_for(targets, classes, chosen).double()

    def loss(outputs: Tensor) -> Tensor:
        rows = torch.from_numpy(targets)
        weights = objective.weights(rows)
        return (objective.losses(outputs, rows) * weights).sum() / weights.sum()

    assert gradcheck(loss, torch.randn(SHAPES[kind], dtype=torch.float64, requires_grad=True))
