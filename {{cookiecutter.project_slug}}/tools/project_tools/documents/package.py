"""The project's package, whose own rules some checks ask: they are written down once."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).resolve().parents[3]


def of_package(module: str) -> ModuleType:
    """Return a module of the project's package, whatever the package is called."""
    (place,) = PROJECT.glob("src/*/experiments/plan.py")
    return importlib.import_module(f"{place.parts[-3]}.{module}")
