"""What a network is trained for, and how well it does: classes by cross-entropy, values by squares.

A network that is an ensemble returns its members' outputs in training, one dimension more; each
member has a loss of its own, and the mean of them is the row's.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torchmetrics import MeanAbsoluteError, Metric
from torchmetrics.classification import MulticlassAccuracy

from ..config.training import ClassWeights


class Classification(nn.Module):
    """Cross-entropy of logits (rows, classes) and int64 class numbers (rows,).

    Args:
        class_counts: training rows of each class.
        class_weights: how the loss weighs the classes.
    """

    name = "accuracy"

    def __init__(self, class_counts: list[int], class_weights: ClassWeights) -> None:
        super().__init__()
        counts = torch.tensor(class_counts, dtype=torch.float32).clamp(min=1)
        balanced = class_weights is ClassWeights.balanced
        weights = counts.sum() / (len(counts) * counts) if balanced else torch.ones_like(counts)
        self.register_buffer("class_weights", weights, persistent=False)

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each row, not weighted."""
        if outputs.ndim == 3:
            spread = targets[:, None].expand(outputs.shape[:2])
            return functional.cross_entropy(outputs.mT, spread, reduction="none").mean(dim=1)
        return functional.cross_entropy(outputs, targets, reduction="none")

    def weights(self, targets: Tensor) -> Tensor:
        """Return the weight of each row in a mean of losses."""
        return self.get_buffer("class_weights")[targets]

    def metric(self) -> Metric:
        """Return what the metric ``name`` is computed with."""
        return MulticlassAccuracy(
            len(self.get_buffer("class_weights")), average="micro", sync_on_compute=False
        )


class Regression(nn.Module):
    """Squared error of values (rows,), in units of the standard deviation of training targets."""

    name = "mae"

    def __init__(self, target_std: float) -> None:
        super().__init__()
        self.target_std = target_std

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each row."""
        spread = targets[:, None] if outputs.ndim == 2 else targets
        squares = ((outputs - spread) / self.target_std).square()
        return squares.mean(dim=1) if outputs.ndim == 2 else squares

    def weights(self, targets: Tensor) -> Tensor:
        """Return the weight of each row in a mean of losses: all the same."""
        return torch.ones_like(targets)

    def metric(self) -> Metric:
        """Return what the metric ``name`` is computed with."""
        return MeanAbsoluteError(sync_on_compute=False)


Objective = Classification | Regression


def objective_for(
    targets: NDArray[np.generic], classes: list[str], class_weights: ClassWeights
) -> Objective:
    """Return the objective of training ``targets``: without ``classes``, a regression."""
    if classes:
        counts = np.bincount(targets.astype(np.int64), minlength=len(classes))
        return Classification(counts.tolist(), class_weights)
    return Regression(float(targets.astype(np.float64).std()) or 1.0)
