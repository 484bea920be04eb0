"""Which model predicts: a folder, the pipeline's, or a version that MLflow's registry names."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from ..config import Tracking
from ..gate.registry import CHALLENGER, CHAMPION, Registry, Version
from ..runtime.errors import UserError, nearest
from ..runtime.files import remove
from ..tracking.lineage import file_hash
from ..tracking.shipper import quieten

CACHE = "runs/registry"  # model folders that were fetched, by the hash of their weights
KEPT = 10  # of them, the newest
FILES = ("model.json", "program.pt2", "state.ckpt")


def find_model(named: str, project: Path, tracking: Tracking) -> Path:
    """Return the folder of a model.

    Args:
        named: a folder, the alias of a registered model (champion), or the number of its version.
        project: where it is looked for, and kept.
        tracking: where the registry is.

    Raises:
        UserError: when there is no such folder, alias or version.
    """
    folder = folder_named(named, project)
    if folder is not None:
        return folder
    registry = registry_for(tracking, project)
    with registry.explained():
        return fetch(registry, version_of(registry, named), project)


def folder_named(named: str, project: Path) -> Path | None:
    """Return the model folder of this name; None where it may be one of the registry.

    Raises:
        UserError: when it is a path, and nothing or something else is there.
    """
    for folder in (Path(named), project / named):
        if folder.is_dir():
            return _whole(folder)
    if "/" in named or "\\" in named:
        raise UserError(f"{named}: no such folder.")
    return None


def registry_for(tracking: Tracking, project: Path) -> Registry:
    """Return the registry that the project's models are in.

    Raises:
        UserError: when tracking is off, or the server does not answer.
    """
    quieten()
    return Registry(tracking, project, __name__.partition(".")[0])


def version_of(registry: Registry, named: str) -> Version:
    """Return the version of an alias or a number.

    Raises:
        UserError: when there is none.
    """
    from mlflow import MlflowException

    if named.isdecimal():
        try:
            return registry.version(named)
        except MlflowException:
            raise UserError(f"{named}: the registry has no such version.") from None
    version = registry.in_use(named)
    if version is not None:
        return version
    if named == CHAMPION:
        raise UserError(f"{named}: there is none yet. `uv run gate` judges the first.")
    hint = nearest(named, [CHAMPION, CHALLENGER])
    raise UserError(f"{named}: no folder, and no alias or version in the registry. {hint}")


def fetch(registry: Registry, version: Version, project: Path) -> Path:
    """Return the folder of a version, which is fetched once.

    Raises:
        UserError: when its files are not those that were registered.
    """
    folder = project / CACHE / version.model_hash
    if folder.is_dir():
        return _whole(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as partial:
        found = registry.folder(version, Path(partial))
        if not all((found / name).is_file() for name in FILES) or (
            file_hash(found / "state.ckpt") != version.model_hash
        ):
            raise UserError(
                f"version {version.number}: its files are not those that were registered. "
                "`uv run gate rollback` puts the champion before it back into use."
            )
        with contextlib.suppress(OSError):  # another process was sooner
            found.rename(folder)
    _forget_older(folder)
    return _whole(folder)


def _forget_older(folder: Path) -> None:
    with contextlib.suppress(OSError):  # another process does so, too
        found = sorted(folder.parent.iterdir(), key=lambda one: one.stat().st_mtime)
        for one in found[:-KEPT]:
            if one != folder:
                remove(one)


def _whole(folder: Path) -> Path:
    missing = [name for name in FILES[:2] if not (folder / name).is_file()]
    if missing:
        raise UserError(f"{folder}: no model folder: it has no {missing[0]}.")
    return folder
