"""Where the numbers come from: what would have to be the same to get the same again."""

from __future__ import annotations

from typing import Any

from .material import Material

SPLITS = {"train": "training rows", "val": "validation rows", "test": "test rows"}


def lineage(material: Material) -> list[tuple[str, str]]:
    """Return name and value of each thing that the numbers follow from."""
    metrics, manifest = material.metrics, material.manifest
    rows = [("configuration", configuration(material.overrides))]
    rows += [("seed", str(material.facts["seed"]))]
    rows += [
        (f"hash of the {'rows also trained on' if manifest.folds and split == 'test' else name}", h)
        for split, name in SPLITS.items()
        if (h := manifest.hashes.get(split))
    ]
    rows += [
        ("hash of ids and targets that were tested", metrics["test_set"]["hash"]),
        ("hash of the model's weights", material.model_hash),
    ]
    return [*rows, ("code", "the commit that holds these hashes in `dvc.lock`")]


def configuration(overrides: list[str]) -> str:
    """Say how the configuration differs from what conf/ says."""
    own = [override for override in overrides if not override.startswith("run=")]
    return f"`conf/` with {', '.join(f'`{one}`' for one in own)}" if own else "`conf/` as it is"


def settings(part: dict[str, Any]) -> str:
    """Return what a part of the configuration builds, and with which values."""
    values = [f"{key}={value}" for key, value in part.items() if key != "_target_"]
    return f"`{str(part['_target_']).lstrip('.')}` ({', '.join(values)})"


def commands() -> list[tuple[str, str]]:
    """Return what makes everything again, and what each command does."""
    return [
        ("uv sync --locked", "the environment, every package as `uv.lock` pins it"),
        ("uv run dvc repro", "data, model, predictions, numbers and this report"),
        ("uv run dvc pull", "instead: the same files from where they were pushed to"),
        ("uv run benchmark", "what the model costs, on the machine at hand"),
    ]
