"""Random changes of training rows, made where they are trained on."""

from __future__ import annotations

import torch
from torch import Tensor

from .config.kit import Augmentation


def augment(features: Tensor, limits: Augmentation) -> Tensor:
    """Hide some values, so that the network learns to do without each of them.

    Args:
        features: float32 (batch, features).
        limits: how much of each kind.

    Returns:
        float32 of the same shape; NaN, which the network takes for missing, where hidden.
    """
    if not limits.hide:
        return features
    return features.masked_fill(torch.rand_like(features) < limits.hide, torch.nan)
