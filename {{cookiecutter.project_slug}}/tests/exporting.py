"""Networks as they might come out of training, exported: `python exporting.py FOLDER` does it."""

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from configured import configured
from export_cases import NETWORKS, odd_rows
from kit_facts import small_manifest
from numpy.typing import NDArray
from torch import nn

from {{ cookiecutter.package_name }}.model import build
from {{ cookiecutter.package_name }}.model_folder import load_program
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.training.export import export

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
Rows = NDArray[Any]


def network_of(name: str) -> tuple[nn.Module, Manifest]:
    """A network of NETWORKS in which no weight and no statistic is what it began as."""
    choice, changes = NETWORKS[name]
    manifest = replace(small_manifest(), **changes)
    torch.manual_seed(0)
    network = build(configured(f"model={choice}").model, manifest)
    with torch.no_grad():
        for weights in network.parameters():
            weights.add_(torch.randn_like(weights), alpha=0.05)
        network(torch.from_numpy(odd_rows(manifest, 32)))  # in training mode: batch statistics
    return network, manifest


def write(network: nn.Module, manifest: Manifest, folder: Path) -> Path:
    """Export, as training does it."""
    table = folder.parent / "history.csv"
    table.write_text("epoch\n0\n", "utf-8")
    history = SimpleNamespace(file=table, best_epoch=0, best_metrics={"val/loss": 1.0}, fold=None)
    export(network, manifest, cast(Any, history), folder, {"seed": 0})
    return folder


def eager(network: nn.Module, rows: Rows) -> Rows:
    with torch.inference_mode():
        return network.eval()(torch.from_numpy(rows)).numpy()


def from_program(folder: Path, rows: Rows) -> Rows:
    program = load_program(folder / "program.pt2")
    with torch.inference_mode():
        return program(torch.from_numpy(rows)).numpy()


def from_onnx(folder: Path, rows: Rows) -> Rows:
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / "model.onnx")
    (taken,), (given,) = session.get_inputs(), session.get_outputs()
    (outputs,) = session.run([given.name], {taken.name: rows})
    return np.asarray(outputs)


def documented(project: Path) -> Any:
    """What the lines of docs/model_folder.md print in ``project``, where there is no torch."""
    page = (Path(__file__).parents[1] / "docs" / "model_folder.md").read_text("utf-8")
    (lines,) = re.findall("```python\n(.*?)```", page, re.DOTALL)
    hidden = ("torch", "{{ cookiecutter.package_name }}")
    hide = f"import sys; sys.modules.update(dict.fromkeys({hidden}))\n"
    command = [sys.executable, "-X", "utf8", "-W", "ignore", "-c", hide + lines]
    ended = subprocess.run(command, cwd=project, stdout=-1, encoding="utf-8", check=True)
    return ast.literal_eval(ended.stdout)


if __name__ == "__main__":
    write(*network_of("default"), Path(sys.argv[1]))
