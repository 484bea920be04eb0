"""A run, with all that hangs on it. What was copied before is known by its tags."""

from __future__ import annotations

import tempfile
from typing import Any

from mlflow.entities import Metric, Param, RunTag

from ..tracking.uploads import patient
from .both import ORIGIN, Both

JOURNAL = "journal"  # tag of the key under which `sync` would find the run
PARENT, MODELS = "mlflow.parentRunId", "mlflow.log-model.history"
WHOLE = "migrated"  # tag that is set last
UNENDED = ("RUNNING", "SCHEDULED")
MOST_VALUES, MOST_NAMES = 1000, 100  # of a request


def copy_run(both: Both, experiment: str, run: Any) -> bool:
    """Copy a run into an ``experiment`` there, and return whether it was not there yet."""
    tags = {key: value for key, value in run.data.tags.items() if key != MODELS}
    tags[ORIGIN] = run.info.run_id
    parent = both.runs.get(tags.get(PARENT, ""))
    if parent:
        tags[PARENT] = parent
    known = _known(both, experiment, tags)
    there = known.info.run_id if known else _begin(both, experiment, run, tags)
    both.runs[run.info.run_id] = there
    if known and (ORIGIN not in known.data.tags or WHOLE in known.data.tags):
        return False  # `sync` has brought it, or this did
    _fill(both, run, there, tags)
    if run.info.status in UNENDED:
        return True  # what it logs from now on comes with the next call
    both.theirs.set_terminated(there, run.info.status, run.info.end_time)
    both.theirs.set_tag(there, WHOLE, "all")
    return True


def _known(both: Both, experiment: str, tags: dict[str, str]) -> Any:
    for key in (JOURNAL, ORIGIN):
        if key in tags:
            found = both.theirs.search_runs([experiment], f"tags.`{key}` = '{tags[key]}'")
            if found:
                return found[0]
    return None


def _begin(both: Both, experiment: str, run: Any, tags: dict[str, str]) -> str:
    first = {key: tags[key] for key in (ORIGIN, JOURNAL, "mlflow.user") if key in tags}
    made = both.theirs.create_run(experiment, run.info.start_time, first, run.info.run_name)
    return made.info.run_id


def _fill(both: Both, run: Any, there: str, tags: dict[str, str]) -> None:
    parameters = [Param(key, value) for key, value in run.data.params.items()]
    for some in _parts(parameters, MOST_NAMES):
        both.theirs.log_batch(there, params=some)
    for some in _parts([RunTag(key, value) for key, value in tags.items()], MOST_NAMES):
        both.theirs.log_batch(there, tags=some)
    for name in run.data.metrics:
        values = both.ours.get_metric_history(run.info.run_id, name)
        copies = [Metric(one.key, one.value, one.timestamp, one.step) for one in values]
        for some in _parts(copies, MOST_VALUES):
            both.theirs.log_batch(there, metrics=some)
    if both.ours.list_artifacts(run.info.run_id):
        with tempfile.TemporaryDirectory() as folder, patient():
            both.theirs.log_artifacts(
                there, both.ours.download_artifacts(run.info.run_id, "", folder)
            )


def _parts(items: list[Any], most: int) -> list[list[Any]]:
    return [items[start : start + most] for start in range(0, len(items), most)]
