"""The one place where a name in a configuration becomes an object."""

from __future__ import annotations

import importlib
from dataclasses import fields
from typing import Any

from ..runtime.errors import UserError

PACKAGE = __name__.partition(".")[0]
ALLOWED_PACKAGES = ("torch", PACKAGE)


def instantiate(choice: Any, *arguments: Any, without: tuple[str, ...] = (), **more: Any) -> Any:
    """Build what ``choice._target_`` names from its other fields.

    Only classes that torch or this package defines are built, whatever a configuration names.
    """
    module_name, _, name = choice._target_.rpartition(".")
    target = getattr(importlib.import_module(module_name, PACKAGE), name)
    if target.__module__.split(".")[0] not in ALLOWED_PACKAGES:
        raise UserError(
            f"{choice._target_}: only classes of {' or '.join(ALLOWED_PACKAGES)} may be built."
        )
    values = {f.name: getattr(choice, f.name) for f in fields(choice)}
    values = {key: value for key, value in values.items() if key not in ("_target_", *without)}
    return target(*arguments, **values, **more)
