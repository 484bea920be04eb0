"""Random changes of training images, made where they are trained on."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .config.kit import Augmentation


def augment(images: Tensor, limits: Augmentation) -> Tensor:
    """Shift, rotate, scale, flip and brighten each image by random amounts of its own.

    Args:
        images: uint8 (batch, height, width, channels).
        limits: the largest change of each kind.

    Returns:
        float32 of the same shape, in 0..255; what comes in from outside is 0.
    """
    batch, device = len(images), images.device
    pixels = images.permute(0, 3, 1, 2).float()

    def uniform(limit: float) -> Tensor:
        return (torch.rand(batch, device=device) * 2 - 1) * limit

    if limits.shift or limits.rotate or limits.scale or limits.flip:
        angle, zoom = torch.deg2rad(uniform(limits.rotate)), 1 + uniform(limits.scale)
        mirror = 1 - 2 * (torch.rand(batch, device=device) < 0.5 * limits.flip).float()
        cos, sin = zoom * torch.cos(angle), zoom * torch.sin(angle)
        rows = [
            mirror * cos,
            -sin,
            uniform(2 * limits.shift),
            mirror * sin,
            cos,
            uniform(2 * limits.shift),
        ]
        transform = torch.stack(rows, dim=1).view(batch, 2, 3)
        grid = functional.affine_grid(transform, list(pixels.shape), align_corners=False)
        pixels = functional.grid_sample(pixels, grid, align_corners=False)
    if limits.brightness:
        pixels = (pixels + 255 * uniform(limits.brightness).view(-1, 1, 1, 1)).clamp(0, 255)
    return pixels.permute(0, 2, 3, 1)
