"""Weights from a file of your own, checked name by name before the first of them is used."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ..runtime.errors import UserError, nearest

SUFFIX = ".safetensors"  # unlike a pickle it holds numbers only, and runs nothing when it is read
MOST_NAMES = 3  # in a message


def load_weights(module: nn.Module, file: str, head: tuple[str, ...]) -> None:
    """Give ``module`` the weights in ``file``.

    Args:
        module: the network without its head.
        file: a path, relative to the folder that the command is run in, or absolute.
        head: names of the last layers; what the file has for them is left out.

    Raises:
        UserError: no such file, not of this format, or of another network.
    """
    place, own = f"model.weights={file}", module.state_dict()
    given = _read(Path(file).expanduser(), place)
    given = {name: weights for name, weights in given.items() if not name.startswith(head)}
    counters = {name for name in own if name.endswith("num_batches_tracked")}  # old files lack them
    _refuse(place, "has no", own.keys() - given.keys() - counters)
    _refuse(place, "has, and the backbone has not,", given.keys() - own.keys())
    shapes = {name: (tuple(given[name].shape), tuple(own[name].shape)) for name in given}
    other = {
        f"{name} of {found} (the backbone's is {needed})"
        for name, (found, needed) in shapes.items()
        if found != needed
    }
    _refuse(place, "has", other)
    module.load_state_dict(own | given)


def _read(file: Path, place: str) -> dict[str, Tensor]:
    if file.suffix != SUFFIX:
        raise UserError(f"{place}: expected null, hub, or a file that ends in {SUFFIX}.")
    if not file.is_file():
        there = [one.name for one in file.parent.glob(f"*{SUFFIX}")] if file.parent.is_dir() else []
        raise UserError(f"{place}: no such file in {file.parent}. {nearest(file.name, there)}")
    safetensors: Any = importlib.import_module("safetensors")
    reading: Any = importlib.import_module("safetensors.torch")
    try:
        return reading.load(file.read_bytes())
    except safetensors.SafetensorError as error:
        raise UserError(f"{place}: cannot be read as {SUFFIX} ({error}).") from error


def _refuse(place: str, what: str, names: set[str]) -> None:
    if names:
        first, more = sorted(names)[:MOST_NAMES], len(names) - MOST_NAMES
        listed = ", ".join(first) + (f" and {more} more" if more > 0 else "")
        raise UserError(f"{place}: {what} {listed}. Is it of the network that model.backbone says?")
