"""timm's networks without their heads: the extra ``pretrained`` of pyproject.toml."""

from __future__ import annotations

import difflib
import importlib
from typing import Any

from ..runtime.errors import UserError

EXTRA = "the extra `pretrained`: uv sync --extra pretrained"
CLOSE_NAMES = 5  # of more than a thousand, in a message


def headless(name: str, *, download: bool) -> Any:
    """Build the network that timm calls ``name``, without its last layer.

    Args:
        name: as timm writes it: ``resnet18``, or with the training that made its weights,
            ``resnet18.a1_in1k``.
        download: fetch these weights, or take them from the cache of an earlier download; else
            they are random.

    Raises:
        UserError: the extra is not installed, the name is unknown, or the weights cannot be had.
    """
    timm = _timm()
    if not timm.is_model(name):
        close = difflib.get_close_matches(name, timm.list_models(), CLOSE_NAMES, 0.5)
        nearest = f"the nearest are {', '.join(close)}" if close else "see timm.list_models()"
        raise UserError(f"model.backbone={name}: timm has no such network; {nearest}.")
    try:
        return timm.create_model(name, pretrained=download, num_classes=0)
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).split("\n")[0].rstrip(".")
        raise UserError(f"model.backbone={name}, with its weights: {reason}.") from error


def _timm() -> Any:
    try:
        return importlib.import_module("timm")
    except ImportError as error:
        raise UserError(f"model=pretrained: needs {EXTRA}.") from error
