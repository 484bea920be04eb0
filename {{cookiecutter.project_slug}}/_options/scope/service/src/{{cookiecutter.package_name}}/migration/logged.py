"""A logged model: its files, and what MLflow says of it in them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import mlflow.artifacts
import yaml
from mlflow.entities import LoggedModelOutput, LoggedModelStatus

from ..tracking.uploads import patient
from .both import ORIGIN, Both

OURS = "mlflow."  # MLflow's own tags name ids of the source


def copy_model(both: Both, experiment: str, model: Any) -> bool:
    """Copy a logged model, and return whether it was not there yet."""
    if model.status != LoggedModelStatus.READY or model.source_run_id not in both.runs:
        return False  # half of one, or its run was deleted
    run = both.runs[model.source_run_id]
    known = _known(both, experiment, run, model)
    if known:
        both.models[model.model_id] = known
        return False
    tags = {key: value for key, value in model.tags.items() if not key.startswith(OURS)}
    tags[ORIGIN] = model.model_id
    made = both.theirs.create_logged_model(
        experiment, model.name, run, tags, dict(model.params or {}), model.model_type
    )
    with tempfile.TemporaryDirectory() as folder, patient():
        with both.asking(both.source):
            place = mlflow.artifacts.download_artifacts(
                f"models:/{model.model_id}", dst_path=folder
            )
        _rename(Path(place) / "MLmodel", made, run)
        with both.asking(both.target):
            both.theirs.log_model_artifacts(made.model_id, place)
    both.theirs.finalize_logged_model(made.model_id, LoggedModelStatus.READY)
    both.theirs.log_outputs(run, [LoggedModelOutput(made.model_id, 0)])
    both.models[model.model_id] = made.model_id
    return True


def _known(both: Both, experiment: str, run: str, model: Any) -> str | None:
    """The model there, whole: copied before, or brought by `sync`, which knows it by its hash."""
    for one in both.theirs.search_logged_models([experiment], f"source_run_id = '{run}'"):
        same = one.tags.get(ORIGIN) == model.model_id or (
            "hash" in model.tags and one.tags.get("hash") == model.tags["hash"]
        )
        if same and one.status == LoggedModelStatus.READY:
            return one.model_id
    return None


def _rename(file: Path, made: Any, run: str) -> None:
    facts = yaml.safe_load(file.read_text("utf-8"))
    facts |= {"model_id": made.model_id, "run_id": run, "artifact_path": made.artifact_location}
    file.write_text(yaml.safe_dump(facts, sort_keys=False), "utf-8", newline="\n")
