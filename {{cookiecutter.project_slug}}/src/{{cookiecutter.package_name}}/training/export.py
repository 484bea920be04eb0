"""A trained network -> a model folder that predicts without the code that trained it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..model import example_input
from ..schema import Manifest
from .history import History
from .onnx_file import save_onnx
from .tracing import trace


def export(
    network: nn.Module,
    manifest: Manifest,
    history: History,
    folder: Path,
    made_from: dict[str, Any],
    *,
    portable: bool = True,
) -> None:
    """Write state.ckpt, program.pt2 with its preprocessing, history.csv and model.json.

    ``portable`` adds model.onnx, the same program for what has no torch. Nothing in them changes
    from run to run: the same inputs give the same bytes.

    Raises:
        UserError: when the network holds an operation that cannot be exported.
    """
    folder.mkdir(parents=True)
    network = network.cpu().eval()
    # Trained with the channels last: saved so, the same weights would be other bytes.
    network.to(memory_format=torch.contiguous_format)  # pyrefly: ignore[no-matching-overload]
    _save_state(network, folder / "state.ckpt")
    signature = _save_programs(network, manifest, folder, portable=portable)
    shutil.copyfile(history.file, folder / "history.csv")
    facts = {
        **{key: _plain(value) for key, value in made_from.items()},
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "best_epoch": history.best_epoch,
        "validation": history.best_metrics,
        "fold": history.fold,
        "signature": signature,
        "data_hashes": manifest.hashes,
        **manifest.needed_to_predict,
    }
    (folder / "model.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8", newline="\n")


def _save_state(network: nn.Module, file: Path) -> None:
    # Given a path, torch names the archive by it, or not if a folder above is not ASCII.
    with file.open("wb") as stream:
        torch.save({"state_dict": network.state_dict()}, stream)


def _save_programs(
    network: nn.Module, manifest: Manifest, folder: Path, *, portable: bool
) -> dict[str, Any]:
    """Write program.pt2 and, if it is wanted, model.onnx; return their signature."""
    output = "logits" if manifest.classes else "values"
    traced = trace(network, example_input(manifest), output)
    torch.export.save(traced.program, folder / "program.pt2")
    if portable:
        save_onnx(traced, folder / "model.onnx", {"output": output, **manifest.needed_to_predict})
    return traced.signature


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(part) for key, part in asdict(value).items()}
    return value.value if isinstance(value, Enum) else value
