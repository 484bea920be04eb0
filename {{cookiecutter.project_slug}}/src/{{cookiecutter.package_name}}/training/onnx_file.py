"""A traced network -> model.onnx, for programs that have no torch."""

from __future__ import annotations

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..runtime.errors import UserError
from .tracing import Traced, reason

if TYPE_CHECKING:
    from onnx import ModelProto

LARGEST = 2_000_000_000  # bytes; its files are protocol buffers, which end at 2 GiB
OPSET = 18  # the one that torch translates to; onnxruntime reads it since 1.14


def save_onnx(traced: Traced, file: Path, facts: dict[str, Any]) -> None:
    """Write the traced network as ONNX: same input, same output, same free batch.

    ``facts`` go into its metadata as JSON, one key each. The same network gives the same bytes.

    Raises:
        UserError: when ONNX has no counterpart to an operation of the network.
    """
    size = sum(part.nbytes for part in traced.program.state_dict.values())
    if size > LARGEST:
        print(f"train: no {file.name}: ONNX takes at most 2 GB, and the weights are {size:,} bytes")
        return
    try:
        with _silence():
            translated: Any = torch.onnx.export(
                traced.program,
                dynamo=True,
                input_names=[traced.signature["input"]["name"]],
                output_names=[traced.signature["output"]["name"]],
                opset_version=OPSET,
                verbose=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise UserError(
            f"model: ONNX cannot hold this network ({reason(error)}). Use other operations; "
            "`uv run train debug=fast_dev_run` tries them without training."
        ) from error
    model: ModelProto = translated.model_proto
    _clean(model)
    for name, value in facts.items():
        model.metadata_props.add(key=name, value=json.dumps(value, ensure_ascii=False))
    file.write_bytes(model.SerializeToString(deterministic=True))


def _clean(model: ModelProto) -> None:
    """Leave out what names this machine, and call the free axis ``batch``."""
    model.producer_version = ""  # that of torch: "+cpu" and "+cu130" write the same graph
    model.graph.ClearField("value_info")  # shapes in between follow from those of the inputs
    for value in (*model.graph.input, *model.graph.output):
        for axis in value.type.tensor_type.shape.dim:
            if axis.dim_param:
                axis.dim_param = "batch"
    _forget(model)


def _forget(part: Any) -> None:
    """Drop torch's comments: from which class, module and line each node comes."""
    for field, value in part.ListFields():
        if field.name in ("metadata_props", "doc_string"):
            part.ClearField(field.name)
        elif field.message_type is not None:
            for inner in [value] if hasattr(value, "ListFields") else value:
                _forget(inner)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep torch from telling that torchvision is missing, and which of its names are old."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
