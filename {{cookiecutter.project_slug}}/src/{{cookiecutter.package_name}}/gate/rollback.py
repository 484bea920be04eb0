"""Back to the champion before: only if it is whole, and says what it said then."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..measures.tables import rows_hash
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..runtime.files import Workspace
from ..scoring import load_networks, predict_rows
from ..tracking.lineage import file_hash
from . import decisions
from .registry import CHAMPION, Registry, Version

ROUNDING = 1e-5  # difference of two predictions that another machine may make


def roll_back(registry: Registry, workspace: Workspace) -> None:
    """Put the champion before the present one back into use, and record it.

    Raises:
        UserError: when there is none, or it is not what was in use then.
    """
    present = registry.in_use(CHAMPION)
    if present is None:
        raise UserError("there is no champion yet. `uv run gate` judges the first.")
    number = present.tags.get("previous_champion", "")
    if not number:
        raise UserError(f"version {present.number} is the first champion: there is none before it.")
    before = registry.version(number)
    told = _require_same(registry, before, workspace)
    registry.point(CHAMPION, before)
    if present.tags.get("previous_anchor"):
        registry.set_anchor(present.tags["previous_anchor"])
    content = {
        "verdict": "ROLLBACK",
        "challenger": {"version": before.number, "model_hash": before.model_hash},
        "champion_before": present.number,
        "champion": before.number,
        "why": told,
        "commit": decisions.commit_of(workspace.project),
    }
    file = decisions.keep_decision(workspace.project, content)
    place = file.relative_to(workspace.project).as_posix()
    print(f"gate: version {before.number} is in use again, in place of {present.number}: {told}")
    print(f"gate: recorded in {place}; commit it")


def _require_same(registry: Registry, version: Version, workspace: Workspace) -> str:
    """Compare the model with what it was, and what it says with what it said."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = registry.folder(version, Path(scratch) / "model")
        if file_hash(folder / "state.ckpt") != version.model_hash:
            raise UserError(f"version {version.number}: its files are not those that were judged.")
        kept = registry.evidence(version, Path(scratch))
        prepared = workspace.project / "data/prepared"
        if kept is None or not prepared.exists():
            return "its weights are those of then"
        then = Predictions.load(kept / "test.parquet")
        now = predict_rows(load_networks(folder, prepared, own=False), prepared, "test")
        if rows_hash(then) != rows_hash(now):
            return "its weights are those of then; the test rows are others now"
        furthest = float(np.abs(then.outputs - now.outputs).max())
        if furthest > ROUNDING:
            raise UserError(
                f"version {version.number}: its predictions differ by up to {furthest:.2g} from "
                "those that it was judged by."
            )
        return f"its predictions of {len(now.ids)} test rows are those of then"
