"""A trained network -> the program that it is, apart from the code that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..runtime.errors import UserError


@dataclass(frozen=True)
class Traced:
    """A program for any number of rows; ``signature`` names its input and its output."""

    program: torch.export.ExportedProgram
    signature: dict[str, dict[str, Any]]


def trace(network: nn.Module, example: Tensor, output: str) -> Traced:
    """Follow ``network`` through ``example``, rows of what it takes; call what it gives ``output``.

    Raises:
        UserError: when what the network does depends on the values, or on the number, of the rows.
    """
    program = _follow(network, example)
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # holds paths of this machine
    with torch.inference_mode():
        outputs = network(example)
    (name,) = program.graph_signature.user_inputs
    signature = {"input": _facts(str(name), example), "output": _facts(output, outputs)}
    return Traced(program, signature)


def reason(error: BaseException) -> str:
    """Return the first line of what went wrong at the bottom of ``error``."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__


def _follow(network: nn.Module, example: Tensor) -> torch.export.ExportedProgram:
    free = ({0: torch.export.Dim("batch", min=1)},)
    try:
        return torch.export.export(network, (example,), dynamic_shapes=free)
    except Exception as error:
        raise UserError(
            f"model: torch.export cannot follow this network ({reason(error)}). Nothing in it may "
            "depend on the values or the number of the rows; `uv run train debug=fast_dev_run` "
            "tries it without training."
        ) from error


def _facts(name: str, rows: Tensor) -> dict[str, Any]:
    """The name, type and shape of a tensor; None is the free number of rows."""
    dtype = str(rows.dtype).removeprefix("torch.")
    return {"name": name, "dtype": dtype, "shape": [None, *rows.shape[1:]]}
