"""Files and models of a run: what MLflow takes whole, and takes a second time without harm."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .journal import Event, Writer
from .lineage import file_hash

if TYPE_CHECKING:
    from mlflow import MlflowClient

TIMEOUT, SECONDS = "MLFLOW_HTTP_REQUEST_TIMEOUT", 300  # for one file
PACKAGE = __name__.partition(".")[0]


def keep_files(journal: Writer, files: dict[str, bytes], to: str, **conditions: str | bool) -> None:
    """Copy files by name, for the folder ``to`` of the run's artifacts."""
    place = journal.new_folder()
    for name, content in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    journal.append("artifacts", folder=place.name, to=to, **conditions)


def keep_model(
    journal: Writer,
    folder: Path,
    schemas: tuple[Any, Any],
    data_hashes: dict[str, str],
    requirements: tuple[str, ...],
) -> None:
    """Copy a model folder, and the code that reads it: both may be others when it is sent."""
    from importlib.metadata import version

    place = journal.new_folder()
    shutil.copytree(folder, place / "data" / folder.name)
    package = Path(__file__).parents[1]
    shutil.copytree(package, place / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    tags = {"model_hash": file_hash(folder / "state.ckpt")}
    tags |= {f"data_hash_{split}": value for split, value in data_hashes.items()}
    journal.append("tags", tags=tags)
    journal.append(
        "model",
        folder=place.name,
        data=f"data/{folder.name}",
        hash=tags["model_hash"],
        schemas=[schema.to_json() for schema in schemas],
        requirements=[f"{name}=={version(name).split('+')[0]}" for name in requirements],
    )


@contextlib.contextmanager
def patient() -> Iterator[None]:
    """Give the server time to hand a large file on; its answers to metrics come sooner."""
    before = os.environ.get(TIMEOUT)
    os.environ[TIMEOUT] = str(max(SECONDS, int(before or 0)))
    try:
        yield
    finally:
        del os.environ[TIMEOUT]
        if before is not None:
            os.environ[TIMEOUT] = before


def upload(client: MlflowClient, run: str, folder: Path, event: Event) -> None:
    """Send what ``keep_files`` or ``keep_model`` copied; ``folder`` is the journal's."""
    place = folder / event["folder"]
    if not place.is_dir():  # it has arrived somewhere before, and was deleted
        return
    if event["kind"] == "model":
        _log_model(client, run, place, event)
        return
    record = event.get("record")
    if record is None or client.get_run(run).data.tags.get("record") == record:
        client.log_artifacts(run, str(place), event["to"] or None)


def _log_model(client: MlflowClient, run: str, place: Path, event: Event) -> None:
    import mlflow.pyfunc
    from mlflow import MlflowException
    from mlflow.entities import LoggedModelStatus
    from mlflow.models import Model, ModelSignature
    from mlflow.types import Schema

    experiment = client.get_run(run).info.experiment_id
    for known in client.search_logged_models([experiment], f"source_run_id = '{run}'"):
        if known.status == LoggedModelStatus.READY and known.tags.get("hash") == event["hash"]:
            return
        if known.status != LoggedModelStatus.READY:  # half of one, from before a kill
            with contextlib.suppress(MlflowException):  # another one's, which may be left alone
                client.delete_logged_model(known.model_id)
    mlflow.set_experiment(experiment_id=experiment)  # of the model; that of the run is not taken
    inputs, outputs = (Schema.from_json(text) for text in event["schemas"])
    Model.log(
        None,
        name="model",
        flavor=mlflow.pyfunc,
        run_id=run,
        tags={"hash": event["hash"]},
        loader_module=f"{PACKAGE}.predictor",
        data_path=str(place / event["data"]),
        code_paths=[str(place / PACKAGE)],
        signature=ModelSignature(inputs, outputs),
        pip_requirements=event["requirements"],
    )
