"""Runs that are nested in another one are sent by its process, and found below it."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from tracked import NOBODY, client, runs, settings

from {{ cookiecutter.package_name }}.runtime.files import (
    TRACKING,
    Workspace,
    run_workspace,
)
from {{ cookiecutter.package_name }}.tracking import shipper
from {{ cookiecutter.package_name }}.tracking.journal import Writer
from {{ cookiecutter.package_name }}.tracking.nested import Nested
from {{ cookiecutter.package_name }}.tracking.tracker import Tracker

pytestmark = pytest.mark.filterwarnings("ignore")
Begin = Callable[..., Writer]


def uri_of(project: Path) -> str:
    return f"sqlite:///{(project / 'mlflow.db').as_posix()}"


def trial_in(workspace: Workspace, name: str) -> Workspace:
    trial = run_workspace(workspace.project, name)
    trial.output.mkdir(parents=True)
    shutil.copy(workspace.config_file, trial.config_file)
    return trial


@pytest.mark.usefixtures("here")
def test_trials_are_below_their_search_with_values_and_tags(workspace: Workspace) -> None:
    project = workspace.project
    with Tracker(settings(), workspace, "tune") as search:
        key = search.begin()
        for number, state in enumerate(["COMPLETE", "PRUNED"]):
            trial = trial_in(workspace, f"trial-{number}")
            with Tracker(settings(), trial, "train", parent=key) as tracker:
                tracker.log({"val/loss": 0.5 + number}, 0)
                tracker.tag({"state": state})
        search.log({"best": 0.5}, 0)
    found = client(project)
    (parent,) = runs(found, "mine")
    below = f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
    (one,) = found.search_runs([parent.info.experiment_id], f"{below} and tags.state = 'PRUNED'")
    assert (one.info.run_name, one.info.status) == ("trial-1", "FINISHED")
    assert one.data.metrics["val/loss"] == 1.5
    assert one.data.params["seed"] == "3"
    assert len(found.search_runs([parent.info.experiment_id], below)) == 2
    assert [file.path for file in found.list_artifacts(one.info.run_id)] == []
    assert not list((project / TRACKING).glob("*/journal.jsonl"))


@pytest.mark.usefixtures("here")
def test_without_a_server_all_of_them_are_kept_for_later(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with Tracker(settings(NOBODY), workspace, "tune") as search:
        trial = trial_in(workspace, "trial-0")
        with Tracker(settings(NOBODY), trial, "train", parent=search.begin()) as tracker:
            tracker.log({"val/loss": 0.5}, 0)
    kept = list((workspace.project / TRACKING).glob("*/journal.jsonl"))
    assert len(kept) == 2
    assert capsys.readouterr().out.count("the run is kept in runs/tracking") == 1


def test_one_whose_search_has_not_arrived_waits_for_it(begin: Begin, project: Path) -> None:
    parent, child = begin("search"), begin("trial", parent="search", name="trial")
    child.log({"val/loss": 0.5}, 0)
    nested = Nested(parent, uri_of(project), print)
    with pytest.raises(OSError, match="belongs to has not arrived yet"):
        nested.send()
    assert not nested.complete
    shipped = shipper.Shipment(parent, uri_of(project), print)
    shipped.send()
    nested.send()
    assert nested.complete


@pytest.mark.usefixtures("here")
def test_on_another_machine_trials_go_below_the_same_search(workspace: Workspace) -> None:
    with Tracker(settings(), workspace, "tune") as search:
        key = search.begin()
        search.log({"best": 0.5}, 0)
    there = trial_in(workspace, "there")
    with Tracker(settings(), there, "tune", same_as=key) as joined:
        assert joined.begin() == key
        joined.log({"best": 0.25}, 7)
        trial = trial_in(workspace, "trial-7")
        with Tracker(settings(), trial, "train", parent=joined.begin()) as tracker:
            tracker.log({"val/loss": 0.25}, 0)
    found = client(workspace.project)
    (parent,) = runs(found, "mine")
    (below,) = runs(found, "trial-7")
    assert below.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert runs(found, "there") == []
    best = found.get_metric_history(parent.info.run_id, "best")
    assert [one.value for one in best] == [0.5, 0.25]
    assert not list((workspace.project / TRACKING).glob("*/journal.jsonl"))


def test_one_that_still_runs_is_sent_so_far_and_stays(begin: Begin, project: Path) -> None:
    parent, child = begin("search"), begin("trial", parent="search", name="trial")
    other = begin("another", name="another")
    other.log({"val/loss": 0.1}, 0)
    shipper.Shipment(parent, uri_of(project), print).send()
    nested = Nested(parent, uri_of(project), print)
    child.log({"val/loss": 0.5}, 0)
    nested.send()
    found = client(project)
    (run,) = runs(found, "trial")
    assert (run.data.metrics["val/loss"], run.info.status) == (0.5, "RUNNING")
    assert runs(found, "another") == []
    child.append("status", status="FINISHED")
    child.close()
    nested.send()
    (run,) = runs(found, "trial")
    assert run.info.status == "FINISHED"
    assert not child.file.exists()


def test_one_that_was_killed_is_ended_when_its_search_ends(begin: Begin, project: Path) -> None:
    parent, child = begin("search"), begin("trial", parent="search", name="trial")
    shipper.Shipment(parent, uri_of(project), print).send()
    child.close()
    nested = Nested(parent, uri_of(project), print)
    nested.send()
    (run,) = runs(client(project), "trial")
    assert run.info.status == "RUNNING"
    nested.send(0.0)
    (run,) = runs(client(project), "trial")
    assert run.info.status == "KILLED"


def test_one_that_sync_is_sending_is_left_to_it(begin: Begin, project: Path) -> None:
    parent, child = begin("search"), begin("trial", parent="search", name="trial")
    shipper.Shipment(parent, uri_of(project), print).send()
    lock, ready, end = child.folder / "sending.lock", threading.Event(), threading.Event()

    def hold() -> None:
        with FileLock(lock):
            ready.set()
            end.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait(60)
    Nested(parent, uri_of(project), print).send()
    end.set()
    holder.join()
    assert runs(client(project), "trial") == []
