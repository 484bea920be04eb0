"""A journal on its way to MLflow: whatever is sent twice arrives once.

Metrics, parameters, tags and status go first, in batches; uploads follow, so that a broken store of
artifacts does not hold the numbers up. What has arrived is written down after it has. If that is
lost, it is sent again: the run is found by the key of its journal, metrics carry the journal's
time, which is part of MLflow's own key, and the rest overwrites.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..runtime.files import write_text
from .destination import without_password
from .journal import Event, Journal
from .uploads import patient, upload

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

KEY = "journal"  # the tag of a run that holds the key of its journal
ARRIVED = "arrived.json"  # beside the journal
MOST = {"metrics": 1000, "params": 100, "tags": 100}  # that MLflow takes at once


class Shipment:
    """Sends ``journal`` to the MLflow at ``uri``; ``say`` gets a line for what MLflow refuses.

    One that failed is not used again: a server may come back as another.
    """

    def __init__(self, journal: Journal, uri: str, say: Callable[[str], None]) -> None:
        self.journal, self.uri, self.say = journal, uri, say
        self.sent = 0  # values
        self._place = without_password(uri)
        self._state = _read(journal.folder / ARRIVED)
        if self._state.get("place") != self._place:  # nothing, or at another server
            self._state = {}
        self._client: MlflowClient | None = None

    @property
    def complete(self) -> bool:
        """Whether MLflow has everything that is in the journal now."""
        rest = self.journal.events(self._state.get("offset", 0))
        return bool(self._state) and not self._state["uploads"] and next(rest, None) is None

    def send(self) -> None:
        """Send what has not arrived.

        Raises:
            Exception: whatever MLflow or the network raises; what arrived until then counts.
        """
        client = self._client = self._client or self._connect()
        end, uploads = self._state["offset"], list(self._state["uploads"])
        waiting: list[Metric] = []
        for after, event in self.journal.events(end):
            end = after
            if event.get("origin") and self._state["joined"]:  # the run has its own
                continue
            if event["kind"] == "metrics":
                waiting += _metrics(event)
            elif event["kind"] in ("artifacts", "model"):
                uploads.append(event)
            if len(waiting) >= MOST["metrics"] or event["kind"] == "status":  # an end comes last
                self._log(client, "metrics", waiting)
                waiting.clear()
            self._apply(client, event)
            if not waiting:
                self._arrived(offset=end, uploads=uploads)
        self._log(client, "metrics", waiting)
        self._arrived(offset=end, uploads=uploads)
        while uploads:
            with patient():
                upload(client, self._state["run"], self.journal.folder, uploads[0])
            uploads = uploads[1:]
            self._arrived(uploads=uploads)

    def _connect(self) -> MlflowClient:
        import mlflow

        mlflow.set_tracking_uri(self.uri)  # logging a model asks for it
        client = mlflow.MlflowClient(self.uri)
        if not self._state or not _is_there(client, self._state["run"]):
            self._state = {"place": self._place, "offset": 0, "uploads": []}
            run, joined = self._find(client)
            self._arrived(run=run, joined=joined)
        return client

    def _find(self, client: MlflowClient) -> tuple[str, bool]:
        """The id of the run of this journal, and whether it is the run of another one."""
        begin = self.journal.run
        experiment = client.get_experiment_by_name(begin["experiment"])
        if experiment is None:
            local = self.journal.folder.parents[2] / "mlartifacts"
            place = local.as_uri() if self.uri.startswith("sqlite") else None
            identity = client.create_experiment(begin["experiment"], place)
        else:
            identity = experiment.experiment_id
        for run in client.search_runs([identity], f"tags.{KEY} = '{self.journal.key}'"):
            return run.info.run_id, False
        if begin.get("same_as"):
            return self._run_of(client, identity, begin["same_as"]), True
        if begin["joins"]:  # equal trainings make equal models: the run of the same name goes first
            found = client.search_runs([identity], f"tags.model_hash = '{begin['joins']}'")
            for run in sorted(found, key=lambda run: run.info.run_name != begin["name"]):
                return run.info.run_id, True
        tags = {KEY: self.journal.key, **begin["tags"]}
        if begin.get("parent"):
            tags["mlflow.parentRunId"] = self._run_of(client, identity, begin["parent"])
        made = client.create_run(identity, begin["at"], tags, begin["name"])
        return made.info.run_id, False

    @staticmethod
    def _run_of(client: MlflowClient, experiment: str, key: str) -> str:
        for run in client.search_runs([experiment], f"tags.{KEY} = '{key}'"):
            return run.info.run_id
        raise OSError("the run that it belongs to has not arrived yet")

    def _apply(self, client: MlflowClient, event: Event) -> None:
        from mlflow.entities import Param, RunTag

        if event["kind"] == "params":
            self._log(client, "params", [Param(*pair) for pair in event["params"].items()])
        elif event["kind"] == "tags":
            self._log(client, "tags", [RunTag(*pair) for pair in event["tags"].items()])
        elif event["kind"] == "status" and event["status"] == "RUNNING":
            client.update_run(self._state["run"], "RUNNING")
        elif event["kind"] == "status":
            client.set_terminated(self._state["run"], event["status"], event["at"])

    def _log(self, client: MlflowClient, kind: str, values: list[Any]) -> None:
        """Send as many at once as MLflow takes. One that it refuses is found by halving."""
        if not values:
            return
        refusal = "too many" if len(values) > MOST[kind] else self._refusal(client, kind, values)
        if not refusal:
            self.sent += len(values)
        elif len(values) == 1:
            self.say(f"MLflow refuses {values[0].key}, which is left out: {refusal}")
        else:
            for half in (values[: len(values) // 2], values[len(values) // 2 :]):
                self._log(client, kind, half)

    def _refusal(self, client: MlflowClient, kind: str, values: list[Any]) -> str:
        from mlflow import MlflowException

        batch: dict[str, Any] = {kind: values}
        try:
            client.log_batch(self._state["run"], **batch)
        except MlflowException as error:
            wrong = error.error_code == "INVALID_PARAMETER_VALUE"
            if not wrong or not _is_there(client, self._state["run"]):
                raise
            return str(error).splitlines()[0]
        return ""

    def _arrived(self, **news: Any) -> None:
        self._state |= news
        write_text(self.journal.folder / ARRIVED, json.dumps(self._state))


def _metrics(event: Event) -> list[Metric]:
    from mlflow.entities import Metric

    return [Metric(n, v, event["at"], event["step"]) for n, v in event["values"].items()]


def _is_there(client: MlflowClient, run: str) -> bool:
    from mlflow import MlflowException

    try:
        return client.get_run(run).info.lifecycle_stage == "active"
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return False


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError):  # not there, or damaged: then everything is sent again
        return {}
