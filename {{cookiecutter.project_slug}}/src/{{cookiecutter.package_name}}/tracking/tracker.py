"""MLflow: one run per training, found again by its model's hash; never why a run fails."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from ..config import Tracking
from ..runtime.files import Workspace
from .lineage import file_hash
from .record import Record, log_files, log_model, log_origin, record_of


class Tracker:
    """A run that opens with its first metric, so that training starts without waiting for MLflow.

    Whatever MLflow raises is printed once, and then the run goes on without it.
    """

    def __init__(self, settings: Tracking, workspace: Workspace, name: str) -> None:
        self.settings, self.workspace, self.name = settings, workspace, name
        self.enabled, self.open = settings.enabled, False
        self.record: Record | None = None

    def __enter__(self) -> Tracker:
        if self.enabled:  # now, because the user may edit on while it runs
            self._attempt(self._look)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.open and self.enabled:
            import mlflow

            self._attempt(lambda: mlflow.end_run("FAILED" if error else "FINISHED"))

    def log(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Send the metrics of one step in one call."""
        if self._ready():
            import mlflow

            self._attempt(lambda: mlflow.log_metrics(metrics, step))

    def log_model(
        self,
        folder: Path,
        schemas: tuple[Any, Any],
        data_hashes: dict[str, str],
        requirements: tuple[str, ...],
    ) -> None:
        """Log the model folder with its schemas, and tag the run with what it was made from."""
        if self._ready():
            self._attempt(lambda: log_model(folder, schemas, data_hashes, requirements))

    def join(self, model: Path) -> None:
        """Go on in the run that logged this model folder, or open one if there is none."""
        if self.enabled:
            self._attempt(lambda: self._open(file_hash(model / "state.ckpt")))

    def _look(self) -> None:
        self.record = record_of(self.workspace, self.name)

    def _ready(self) -> bool:
        if self.enabled and not self.open:
            self._attempt(self._open)
        return self.enabled

    def _attempt(self, action: Any) -> None:
        try:
            action()
        except Exception as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            print(f"{self.name}: MLflow failed, going on without it: {reason}")
            self.enabled = False

    def _open(self, model_hash: str | None = None) -> None:
        import mlflow

        uri = tracking_uri(self.settings, self.workspace.project)
        _quieten()
        mlflow.set_tracking_uri(uri)
        experiment = mlflow.get_experiment_by_name(self.settings.experiment)
        if experiment is None:
            folder = (self.workspace.project / "mlartifacts").as_uri()
            place = folder if uri.startswith("sqlite") else None
            identity = mlflow.create_experiment(self.settings.experiment, place)
        else:
            identity = experiment.experiment_id
        known: list[Any] = []
        if model_hash:
            query = f"tags.model_hash = '{model_hash}'"
            known = mlflow.search_runs([identity], query, max_results=1, output_format="list")
        record = self.record or record_of(self.workspace, self.name)
        if known:
            mlflow.start_run(run_id=known[0].info.run_id)
            if known[0].data.tags.get("record") == record.digest:
                log_files(record)  # by now dvc.lock names the model too
        else:
            mlflow.start_run(experiment_id=identity, run_name=record.name or "pipeline")
            log_origin(record, self.workspace.config_file)
        self.open = True


def tracking_uri(settings: Tracking, project: Path) -> str:
    """Return the server to use, or the project's own file when there is none that answers."""
    local = f"sqlite:///{(project / 'mlflow.db').as_posix()}"
    uri = settings.uri or os.environ.get("MLFLOW_TRACKING_URI") or local
    address = urlsplit(uri)
    if address.scheme in ("http", "https"):
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            socket.create_connection((address.hostname or "", port), settings.timeout).close()
        except OSError as error:
            print(f"tracking: {uri} does not answer ({error}); this run goes to mlflow.db")
            return local
    return uri


def _quieten() -> None:
    import logging
    import warnings

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="mlflow")
    # By default a server that dies holds each call for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
