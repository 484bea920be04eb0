"""Every network of conf/model on small data: what tests/test_network_checks.py goes through."""

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from configured import configured
from kit_facts import EXTRAS, FOR_CHECKS, TASKS, for_task
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.model import build
from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.training.objective import Objective, objective_for

MODELS = sorted({file.stem for file in (composition.CONF / "model").glob("*.yaml")} - {"default"})


def has_its_extra(model: str) -> bool:
    """Whether the extra of pyproject.toml that a network needs is installed."""
    _, module = EXTRAS.get(model, ("", "torch"))
    return importlib.util.find_spec(module) is not None


CASES = [  # what an extra is missing for is skipped, in so many words, by tests/test_configs.py
    pytest.param((name, task), marks=[pytest.mark.slow] if name in EXTRAS else [])
    for name in MODELS
    for task in TASKS
    if has_its_extra(name)
]


@dataclass(frozen=True)
class Case:
    """One network, and the rows of a small data set that it can learn."""

    choice: Any
    manifest: Manifest
    inputs: Tensor
    targets: Tensor
    objective: Objective

    def network(self, seed: int = 0, *, dropout: bool = True) -> nn.Module:
        torch.manual_seed(seed)
        network = build(self.choice, self.manifest)
        for module in network.modules():
            if isinstance(module, _DropoutNd) and not dropout:
                module.p = 0.0
        return network

    def loss(self, network: nn.Module) -> Tensor:
        return self.objective.losses(network(self.inputs), self.targets).mean()

    def rows(self, count: int) -> Tensor:
        """The first rows as floats, none of them missing."""
        return self.inputs[:count].float().nan_to_num()

    def fit(self, network: nn.Module, steps: int, until: float = 0.0) -> float:
        """Train on all rows at once, for ``steps`` or ``until`` a loss; the last loss."""
        optimizer = torch.optim.AdamW(network.train().parameters(), lr=0.01)
        loss = torch.tensor(torch.nan)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = self.loss(network)
            loss.backward()
            optimizer.step()
            if loss < until:
                break
        return loss.item()

    def changed(self, **parts: Any) -> "Case":
        return replace(self, **parts)


def needs_its_extra(model: str) -> None:
    """Skip what cannot be built because an extra of pyproject.toml is not installed."""
    if not has_its_extra(model):
        extra, _ = EXTRAS[model]
        pytest.skip(f"needs the extra `{extra}`: uv sync --extra {extra}")


def case_of(model: str, task: str, prepared: Path, splits: list[str]) -> Case:
    """The network that conf/model/MODEL.yaml describes, and the rows of ``splits``."""
    config = configured(f"model={model}", *FOR_CHECKS.get(model, []))
    parts = [load_split(prepared, split) for split in splits]
    inputs = np.concatenate([np.array(part.inputs) for part in parts])
    manifest, targets = for_task(
        task, Manifest.load(prepared), np.concatenate([part.targets for part in parts])
    )
    objective = objective_for(targets, manifest.classes, config.trainer.class_weights)
    return Case(
        config.model, manifest, torch.from_numpy(inputs), torch.from_numpy(targets), objective
    )
