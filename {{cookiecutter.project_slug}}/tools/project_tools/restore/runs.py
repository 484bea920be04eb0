"""Finds a run in MLflow: by its id, its name, or the hash of its model."""

from __future__ import annotations

import difflib
import hashlib
import json
import logging
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from project_tools.restore.calling import RestoreError
from project_tools.tracking import PATIENCE, configured, probe

if TYPE_CHECKING:
    from mlflow import MlflowClient

HASH = re.compile("[0-9a-f]{4,32}")  # of a run or of a model, or how it begins
SHOWN = 5  # runs or names in a message


@dataclass(frozen=True)
class Run:
    """A run and what was recorded with it; `by_hand` is its name in runs/, None for the pipeline.

    `record` is a copy of the run's folder code/.
    """

    identity: str
    name: str
    tags: dict[str, str]
    record: Path
    by_hand: str | None
    verbs: list[str]
    overrides: list[str]

    @property
    def data_hashes(self) -> dict[str, str]:
        """The hash of each split that the run used."""
        start = "data_hash_"
        return {k.removeprefix(start): v for k, v in self.tags.items() if k.startswith(start)}


def find(project: Path, wanted: str, scratch: Path) -> Run:
    """Find the one run that is meant, and copy what it recorded to the folder `scratch`."""
    weights = Path(wanted) / "state.ckpt"
    if weights.is_file():  # the folder of a model
        with weights.open("rb") as stream:
            wanted = hashlib.file_digest(stream, "sha256").hexdigest()[:32]
    names: list[str] = []
    places = stores(project)
    for place in places:
        try:
            client = _client(place)
            known = client.search_experiments()
            experiments = [experiment.experiment_id for experiment in known]
            found = _matching(client, experiments, wanted)
            if found:
                return _load(client, _only(found, wanted), scratch)
            recent = client.search_runs(experiments, max_results=1000)
        except RestoreError:
            raise
        except Exception as problem:  # a database, a server or a library of either
            reason = (str(problem) or type(problem).__name__).splitlines()[0]
            raise RestoreError(f"MLflow at {_shown(place)}: {reason}") from problem
        names += [str(run.info.run_name) for run in recent]
    where = " or ".join(map(_shown, places))
    raise RestoreError(f"{wanted}: no such run at {where}. {_nearest(wanted, names)}")


def stores(project: Path) -> list[str]:
    """Where runs may be: at the configured server, and in the file for when it does not answer."""
    file = project / "mlflow.db"
    local = f"sqlite:///{file.as_posix()}"
    places = [local] if file.is_file() else []
    address = configured(project) or os.environ.get("MLFLOW_TRACKING_URI", "")
    if not address or address == local:
        problem = "mlflow.db is not there, and MLFLOW_TRACKING_URI is not set"
    else:
        problem = _problem(address)
        if not problem:
            return [address, *places]
        if places:
            print(f"note: {problem}; looking into mlflow.db only")
    if not places:
        raise RestoreError(f"there is no MLflow store to find runs in: {problem}.")
    return places


def _problem(address: str) -> str:
    parts = urlsplit(address)
    missing = parts.scheme == "sqlite" and not Path(parts.path[1:]).is_file()
    problem = "there is no such file" if missing else ""
    if parts.scheme in ("http", "https"):
        problem = probe(f"{_shown(address).rstrip('/')}/health", PATIENCE)
    return f"{_shown(address)}: {problem}" if problem else ""


def _shown(place: str) -> str:
    """An address without name and password."""
    parts = urlsplit(place)
    return place.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)


def _client(place: str) -> MlflowClient:
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    from mlflow import MlflowClient

    return MlflowClient(place)


def _matching(client: MlflowClient, experiments: list[str], wanted: str) -> list[Any]:
    quote = '"' if "'" in wanted else "'"
    queries = [] if '"' in wanted else [f"attributes.run_name = {quote}{wanted}{quote}"]
    if HASH.fullmatch(wanted):
        queries += [f"attributes.run_id LIKE '{wanted}%'", f"tags.model_hash LIKE '{wanted}%'"]
    for query in queries:
        found = list(client.search_runs(experiments, query, max_results=1000))
        if found:
            return [run for run in found if run.info.status == "FINISHED"] or found
    return []


def _only(found: list[Any], wanted: str) -> Any:
    if len(found) == 1:
        return found[0]
    lines = [
        f"\n  {run.info.run_id}  {run.info.run_name}, {_day(run)}, commit "
        f"{run.data.tags.get('git_commit', 'none')[:8]}"
        for run in found[:SHOWN]
    ]
    more = f"\n  and {len(found) - SHOWN} older ones" if len(found) > SHOWN else ""
    raise RestoreError(f"{wanted}: {len(found)} runs; give the id of one:{''.join(lines)}{more}")


def _day(run: Any) -> str:
    return f"{datetime.fromtimestamp(run.info.start_time / 1000):%Y-%m-%d %H:%M}"


def _load(client: MlflowClient, run: Any, scratch: Path) -> Run:
    identity, name = run.info.run_id, str(run.info.run_name)
    commit = run.data.tags.get("git_commit", "none")
    if commit == "none":
        raise RestoreError(
            f"run {name} ({identity}) has no commit: nothing was committed when it ran, or git was "
            "not there. What it recorded is in MLflow."
        )
    if "code/run.json" not in [file.path for file in client.list_artifacts(identity, "code")]:
        raise RestoreError(
            f"run {name} ({identity}) has no code/run.json at {run.info.artifact_uri}: these files "
            f"were moved or deleted, or never recorded. Its commit is {commit}."
        )
    record = Path(client.download_artifacts(identity, "code", str(scratch)))
    made = json.loads((record / "run.json").read_text("utf-8"))
    tags = dict(run.data.tags)
    return Run(identity, name, tags, record, made["name"], made["verbs"], made["overrides"])


def _nearest(wanted: str, names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    if not known:
        return "There is none yet."
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    meant = f"Did you mean {close[0]!r}? " if close else ""
    return f"{meant}The newest: {', '.join(known[:SHOWN])}."
