"""The training loop that Lightning hides."""

import torch
from torch import Tensor, nn
from torch.nn import functional

Rows = tuple[Tensor, Tensor]  # inputs and targets


def fit(
    network: nn.Module, train: Rows, val: Rows, steps: int, rate: float
) -> tuple[list[float], float]:
    """Train a network that gives logits by gradient descent on all rows of ``train`` at once.

    Returns:
        The cross-entropy before each step, and the share of ``val`` that is right at the end. The
        network is in evaluation mode then.
    """
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    losses: list[float] = []
    network.train()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(train[0]), train[1])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    network.eval()
    with torch.inference_mode():
        right = network(val[0]).argmax(dim=1) == val[1]
    return losses, right.double().mean().item()
