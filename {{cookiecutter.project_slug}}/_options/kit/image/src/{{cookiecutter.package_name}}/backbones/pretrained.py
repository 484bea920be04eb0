"""Transfer learning: a backbone that was trained on other images, and a new head."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..runtime.errors import UserError, check
from ..schema import Statistics
from ..training.unfreezing import Backbone
from .weights import load_weights
from .zoo import headless

HUB = "hub"


class Pretrained(nn.Module):
    """A backbone of timm's and a linear head.

    ``statistics`` are what its images must be standardised by: those of the images that it was
    trained on. It sees three channels; a grey image becomes three that are alike, as grey
    photographs were to it.

    Input float (batch, 3, height, width), output logits (batch, classes).

    Args:
        channels: of the images before they are standardised.
        classes: one logit each.
        backbone: timm's name.
        weights: null begins at random, ``hub`` downloads, else a file of safetensors.
        input_size: pixels a side that images are resized to.
        frozen_epochs: only the head learns for so many epochs.
        backbone_lr: share of the learning rate that the backbone learns with afterwards.
        dropout: of the backbone's features.

    Raises:
        UserError: no such backbone or weights, or it does not take images of ``input_size``.
    """

    def __init__(  # noqa: PLR0913 - one argument a field of conf/model/pretrained.yaml
        self,
        channels: int,
        classes: int,
        *,
        backbone: str,
        weights: str | None,
        input_size: int,
        frozen_epochs: int,
        backbone_lr: float,
        dropout: float,
    ) -> None:
        super().__init__()
        del channels  # broadcast to three by ``statistics``
        body = headless(backbone, download=weights == HUB)
        about = body.pretrained_cfg
        if weights not in (None, HUB):
            heads = about["classifier"]
            load_weights(body, weights, (heads,) if isinstance(heads, str) else tuple(heads))
        self.statistics = Statistics(*([255 * x for x in about[key]] for key in ("mean", "std")))
        self.input_size = input_size
        features = _features(body, backbone, input_size, about["input_size"][-1])
        self.backbone = Backbone(body, frozen_epochs=frozen_epochs, lr_share=backbone_lr)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(features, classes))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        size = (self.input_size, self.input_size)
        resized = functional.interpolate(images, size, mode="bilinear", align_corners=False)
        return self.head(self.backbone(resized))


def _features(body: Any, name: str, size: int, usual: int) -> int:
    """Try the backbone on one image of ``size``; how many features it returns."""
    stride = max(stage["reduction"] for stage in body.feature_info)
    # Fewer would leave one pixel, and batch norm no spread where the last batch holds one image.
    hint = f"{2 * stride} or more: {name} lowers the resolution to 1/{stride}"
    check(size >= 2 * stride, "model.input_size", size, hint)
    try:
        with torch.no_grad():
            return body.eval()(torch.zeros(1, 3, size, size)).shape[1]
    except (AssertionError, RuntimeError) as error:
        reason = str(error).split("\n")[0].rstrip(".")
        raise UserError(
            f"model.input_size={size}: {name}, trained at {usual}, does not take it ({reason})."
        ) from error
