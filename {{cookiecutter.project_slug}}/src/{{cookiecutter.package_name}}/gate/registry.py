"""MLflow's registry: the only place of this project that moves the names of models in use."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import Tracking
from ..runtime.errors import UserError
from ..tracking.destination import address_of, place_for, problem_with, shown

if TYPE_CHECKING:
    from mlflow import MlflowClient

CHALLENGER, CHAMPION = "challenger", "champion"
ANCHOR = "anchor"  # tag of the model: the version that was last promoted by superiority
EVIDENCE = "gate/evidence"  # artifacts of a run: the predictions that were judged
ASKS_WHO = ("UNAUTHENTICATED", "PERMISSION_DENIED")
PROGRESS = "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"


@dataclass(frozen=True)
class Version:
    """A registered model."""

    number: str
    run: str
    model_hash: str
    tags: dict[str, str]


class Registry:
    """The versions of one registered model, and which of them is in use."""

    def __init__(self, settings: Tracking, project: Path, name: str) -> None:
        """Connect.

        Raises:
            UserError: when tracking is off, or the server does not answer.
        """
        if not settings.enabled:
            raise UserError("tracking.enabled=False: expected true: models are registered there.")
        self.name, self.uri = name, address_of(place_for(settings), project)
        problem = problem_with(self.uri, settings.timeout)
        if problem:
            raise UserError(f"{shown(self.uri)}: MLflow does not answer ({problem}).")
        self._client: MlflowClient | None = None

    @property
    def client(self) -> MlflowClient:
        """MLflow's own, connected at first use."""
        if self._client is None:
            import mlflow

            mlflow.set_tracking_uri(self.uri)  # downloads ask for it
            self._client = mlflow.MlflowClient(self.uri)
        return self._client

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what MLflow refuses, or cannot find any more, into one line."""
        from mlflow import MlflowException

        try:
            yield
        except MlflowException as error:
            reason, hint = str(error).splitlines()[0], ""
            if error.error_code in ASKS_WHO:
                hint = " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD say who asks."
            raise UserError(f"{shown(self.uri)}: MLflow refuses: {reason}{hint}") from error

    def in_use(self, alias: str) -> Version | None:
        """Return the version of an alias, if there is one."""
        from mlflow import MlflowException

        try:
            return _version(self.client.get_model_version_by_alias(self.name, alias))
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            return None

    def version(self, number: str) -> Version:
        """Return a version by its number."""
        return _version(self.client.get_model_version(self.name, number))

    def anchor(self) -> Version | None:
        """Return the best model ever promoted by superiority."""
        if self.in_use(CHAMPION) is None:
            return None
        number = self.client.get_registered_model(self.name).tags.get(ANCHOR)
        return self.version(number) if number else None

    def register(self, model_hash: str) -> Version:
        """Return the version of the model with this hash; a new one unless it is there.

        Raises:
            UserError: when no run of this MLflow has logged such a model.
        """
        from mlflow import MlflowException

        with contextlib.suppress(MlflowException):  # it is there
            self.client.create_registered_model(self.name)
        for known in self.client.search_model_versions(f"name = '{self.name}'"):
            if known.tags.get("model_hash") == model_hash:
                return _version(known)
        experiments = [one.experiment_id for one in self.client.search_experiments()]
        for model in self.client.search_logged_models(experiments):
            if model.tags.get("hash") == model_hash and str(model.status) == "READY":
                made = self.client.create_model_version(
                    self.name,
                    source=f"models:/{model.model_id}",
                    run_id=model.source_run_id,
                    model_id=model.model_id,
                    tags={"model_hash": model_hash},
                )
                return _version(made)
        raise UserError(
            f"{shown(self.uri)}: no run has logged models/network. `uv run sync` brings what "
            "waits; a model that was trained elsewhere is in that machine's MLflow."
        )

    def keep_evidence(self, version: Version, predictions: Path) -> None:
        """Keep the predictions that a version was judged by, beside its run."""
        self.client.log_artifacts(version.run, str(predictions), EVIDENCE)

    def evidence(self, version: Version, to: Path) -> Path | None:
        """Fetch the predictions that a version was judged by, if they are there."""
        with _quietly():
            names = [one.path for one in self.client.list_artifacts(version.run, "gate")]
            if EVIDENCE not in names:
                return None
            return Path(self.client.download_artifacts(version.run, EVIDENCE, str(to)))

    def folder(self, version: Version, to: Path) -> Path:
        """Fetch the model folder of a version."""
        import mlflow.artifacts

        with _quietly():
            place = mlflow.artifacts.download_artifacts(
                artifact_uri=f"models:/{self.name}/{version.number}", dst_path=str(to)
            )
        return Path(place) / "data" / "network"

    def parameters(self, version: Version) -> dict[str, str]:
        """Return the parameters of the run that made a version."""
        return dict(self.client.get_run(version.run).data.params)

    def point(self, alias: str, version: Version) -> None:
        """Let an alias name this version."""
        self.client.set_registered_model_alias(self.name, alias, version.number)

    def set_anchor(self, number: str) -> None:
        """Name the version that equal models are held against."""
        self.client.set_registered_model_tag(self.name, ANCHOR, number)

    def tag(self, version: Version, tags: dict[str, Any]) -> None:
        """Write tags to a version."""
        for key, value in tags.items():
            self.client.set_model_version_tag(self.name, version.number, key, str(value))


def _version(found: Any) -> Version:
    tags = dict(found.tags)
    return Version(str(found.version), found.run_id, tags.get("model_hash", ""), tags)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Switch MLflow's bars of progress off, as they overwrite what is told."""
    before = os.environ.get(PROGRESS)
    os.environ[PROGRESS] = "false"
    try:
        yield
    finally:
        del os.environ[PROGRESS]
        if before is not None:
            os.environ[PROGRESS] = before
