"""The one place where a name in a configuration becomes an object."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import fields
from typing import Any

from ..runtime.errors import UserError

PACKAGE = __name__.partition(".")[0]
ALLOWED = ("torch.nn", "torch.optim", PACKAGE)


def instantiate(choice: Any, *arguments: Any, without: tuple[str, ...] = (), **more: Any) -> Any:
    """Build what ``choice._target_`` names from its other fields.

    Only classes of these packages are built, whatever a configuration names.
    """
    relative, _, name = choice._target_.rpartition(".")
    module = importlib.util.resolve_name(relative, PACKAGE)
    allowed = _allowed(module)  # asked first: importing a module runs it
    target = getattr(importlib.import_module(module), name, None) if allowed else None
    if not (isinstance(target, type) and _allowed(target.__module__)):
        raise UserError(f"{choice._target_}: only classes of {', '.join(ALLOWED)} may be built.")
    values = {f.name: getattr(choice, f.name) for f in fields(choice)}
    values = {key: value for key, value in values.items() if key not in ("_target_", *without)}
    return target(*arguments, **values, **more)


def _allowed(module: str) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in ALLOWED)
