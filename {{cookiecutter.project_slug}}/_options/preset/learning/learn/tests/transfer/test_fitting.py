import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from learn.transfer.fitting import fit

RATE = 0.5


def rows() -> tuple[Tensor, Tensor]:
    """Three classes that are not quite apart."""
    random = np.random.default_rng(0)
    targets = random.integers(3, size=60)
    inputs = np.eye(3)[targets] + random.normal(scale=0.4, size=(60, 3))
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def linear() -> nn.Linear:
    layer = nn.Linear(3, 3, dtype=torch.float64)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def by_hand(steps: int) -> tuple[list[float], NDArray[np.float64]]:
    """Losses and weights of softmax regression, with the gradient written out."""
    inputs, targets = (array.numpy() for array in rows())
    weight, bias, hot = np.zeros((3, 3)), np.zeros(3), np.eye(3)[targets]
    losses: list[float] = []
    for _ in range(steps):
        raised = np.exp(inputs @ weight.T + bias)
        shares = raised / raised.sum(axis=1, keepdims=True)
        losses.append(float(-np.log((shares * hot).sum(axis=1)).mean()))
        error = (shares - hot) / len(hot)
        weight, bias = weight - RATE * error.T @ inputs, bias - RATE * error.sum(axis=0)
    return losses, weight


def test_losses_and_weights_are_those_of_gradient_descent_by_hand() -> None:
    layer = linear()
    expected, weight = by_hand(20)
    losses, _ = fit(layer, rows(), rows(), steps=20, rate=RATE)
    assert losses == pytest.approx(expected, abs=1e-9)
    assert layer.weight.detach().numpy() == pytest.approx(weight, abs=1e-9)


def test_the_loss_begins_at_that_of_a_guess_and_falls() -> None:
    losses, _ = fit(linear(), rows(), rows(), steps=50, rate=RATE)
    assert losses[0] == pytest.approx(np.log(3))
    assert losses == sorted(losses, reverse=True)


def test_it_trains_in_training_mode_and_leaves_evaluation_mode() -> None:
    modes: list[bool] = []

    def note(module: nn.Module, *_: object) -> None:
        modes.append(module.training)

    network = nn.Sequential(linear(), nn.Dropout(0.5)).eval()
    network.register_forward_hook(note)
    fit(network, rows(), rows(), steps=3, rate=RATE)
    assert modes == [True, True, True, False]
    assert not network.training


def test_the_share_is_that_of_the_rows_beside_their_own_targets() -> None:
    inputs, targets = rows()
    layer = linear()
    _, share = fit(layer, (inputs, targets), (inputs[::2], targets[::2]), steps=20, rate=RATE)
    guesses = layer(inputs[::2]).argmax(dim=1)
    assert share == pytest.approx(float((guesses == targets[::2]).double().mean()))
    assert share > 0.8
