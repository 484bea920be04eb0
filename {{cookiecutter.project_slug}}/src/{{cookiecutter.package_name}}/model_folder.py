"""A trained network on disk: a program that needs no code of model.py, and what it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from .programs import load_exported
from .runtime.errors import UserError
from .schema import Manifest


class ModelFolder:
    """What ``train`` wrote; a kit's ``Predictor`` adds how its kind of data goes through it."""

    def __init__(self, folder: Path | str) -> None:
        """Load ``folder``.

        Raises:
            UserError: when the folder lacks a file of a model or holds a damaged one.
        """
        folder = Path(folder)
        try:
            self.facts: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
            self.program = load_program(folder / "program.pt2")
        except Exception as error:
            raise UserError(
                f"{folder}: not a whole model folder ({error}). `uv run dvc repro train` makes one."
            ) from error
        self.classes: list[str] = self.facts["classes"]
        self.fold: int | None = self.facts["fold"]

    def require_own(self, manifest: Manifest) -> None:
        """Refuse prepared data that the model was not trained on: another split may mix up rows.

        Raises:
            UserError: when the hashes of the splits differ from those of training.
        """
        if manifest.hashes != self.facts["data_hashes"]:
            raise UserError(
                "models/network was trained on other data than data/prepared now holds, so that "
                "rows to score may be rows it learned from. Train again, in the same run."
            )


def load_program(file: Path) -> torch.nn.Module:
    """Load an exported program, to be called as the network was."""
    return load_exported(file).module()
