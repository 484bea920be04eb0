"""Which training is this? Only the same one is gone on with."""

from __future__ import annotations

import hashlib
import json
from enum import Enum
from pathlib import Path
from typing import Any

from ..runtime.errors import UserError
from ..runtime.files import remove, write_text
from ..runtime.processes import is_worker

IDENTITY = "identity.json"
# What may differ when a training goes on: where and how fast it runs, and what it writes.
FREE = {"accelerator", "devices", "nodes", "threads", "compile", "workers", "checkpoints", "slurm"}
UNSHARDED = "auto or ddp"  # strategies whose checkpoints are alike


def identity(recipe: dict[str, Any], data_hashes: dict[str, str], project: Path) -> dict[str, Any]:
    """Return what the result of a training depends on, in a form that can be kept.

    Args:
        recipe: what the network is made from; groups of the configuration by name.
        data_hashes: of the prepared splits.
        project: whose dvc.yaml names the source files that train.
    """
    more = {"content of data/prepared": data_hashes, "code": _digest(_sources(project))}
    facts = json.loads(json.dumps({**recipe, **more}, default=_plain))
    for group in ("trainer", "data"):
        facts[group] = {key: value for key, value in facts[group].items() if key not in FREE}
    if facts["trainer"]["strategy"] != "fsdp":
        facts["trainer"]["strategy"] = UNSHARDED
    return facts


def begin(scratch: Path, current: dict[str, Any], *, wanted: bool, strict: bool) -> bool:
    """Return whether the training in ``scratch`` is this one and goes on; else begin there.

    Args:
        scratch: where a training keeps its work.
        current: the ``identity`` of this training.
        wanted: whether to go on at all.
        strict: refuse another training instead of beginning anew; its code may have changed.

    Raises:
        UserError: when ``strict`` and the training there is another one.
    """
    file = scratch / IDENTITY
    if wanted and file.is_file():
        before = json.loads(file.read_text("utf-8"))
        changed = differences(before, current)
        if strict and changed == ["code"]:
            print("train: the code has changed since; the rest goes on with the new one")
            return True
        if not changed:
            return True
        if strict:
            key = changed[0]
            raise UserError(
                f"resume=auto: {key} was {_at(before, key)} and is {_at(current, key)} now, which "
                "is another training. Leave it as it was, or begin a run of another name."
            )
    if not is_worker():
        remove(scratch)
        write_text(file, json.dumps(current, indent=1) + "\n")
    return False


def has_ended(scratch: Path, model: Path) -> bool:
    """Whether a training in ``scratch`` has left its ``model``, and nothing to go on with."""
    return model.exists() and not (scratch / IDENTITY).exists()


def differences(before: dict[str, Any], current: dict[str, Any]) -> list[str]:
    """Return the keys in which two identities differ, as a.b.c."""
    changed: list[str] = []
    for key in {**before, **current}:
        old, new = before.get(key), current.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            changed += [f"{key}.{inner}" for inner in differences(old, new)]
        elif old != new:
            changed.append(key)
    return changed


def _at(facts: Any, key: str) -> Any:
    for part in key.split("."):
        facts = facts.get(part) if isinstance(facts, dict) else None
    return facts


def _sources(project: Path) -> list[Path]:
    """The files and folders of this package that dvc.yaml says training depends on."""
    from omegaconf import OmegaConf

    pipeline: Any = OmegaConf.to_container(OmegaConf.load(project / "dvc.yaml"))
    package, prefix = Path(__file__).parents[1], "${package}/"
    names = pipeline.get("stages", {}).get("train", {}).get("deps", [])
    return [package / name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def _digest(code: list[Path]) -> str:
    files = sorted(f for p in code for f in ([p] if p.is_file() else p.rglob("*.py")))
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)
