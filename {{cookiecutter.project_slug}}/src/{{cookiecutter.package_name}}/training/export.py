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


def export(
    network: nn.Module,
    manifest: Manifest,
    history: History,
    folder: Path,
    made_from: dict[str, Any],
) -> None:
    """Write state.ckpt, program.pt2 with its preprocessing, history.csv and model.json.

    Nothing in them changes from run to run: the same inputs give the same bytes.
    """
    folder.mkdir(parents=True)
    network = network.cpu().eval()
    # Given a path, torch names the archive by it, or not if a folder above is not ASCII.
    with (folder / "state.ckpt").open("wb") as stream:
        torch.save({"state_dict": network.state_dict()}, stream)
    shapes = ({0: torch.export.Dim("batch", min=1)},)
    program = torch.export.export(network, (example_input(manifest),), dynamic_shapes=shapes)
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # holds paths of this machine
    torch.export.save(program, folder / "program.pt2")
    shutil.copyfile(history.file, folder / "history.csv")
    facts = {
        **{key: _plain(value) for key, value in made_from.items()},
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "best_epoch": history.best_epoch,
        "validation": history.best_metrics,
        "fold": history.fold,
        "data_hashes": manifest.hashes,
        **manifest.needed_to_predict,
    }
    (folder / "model.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(part) for key, part in asdict(value).items()}
    return value.value if isinstance(value, Enum) else value
