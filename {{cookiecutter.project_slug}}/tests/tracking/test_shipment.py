"""What is sent arrives, and what is sent twice arrives once; in a database of MLflow's."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlflow import MlflowClient
from mlflow.types import Schema, TensorSpec
from tracked import client, history, journalled, runs

from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.tracking.journal import Writer
from {{ cookiecutter.package_name }}.tracking.shipment import ARRIVED, MOST, Shipment
from {{ cookiecutter.package_name }}.tracking.uploads import keep_files, keep_model

pytestmark = pytest.mark.filterwarnings("ignore")
Begin = Callable[..., Writer]


@pytest.fixture
def journal(begin: Begin, workspace: Workspace) -> Writer:
    """One with every kind of line."""
    writer = begin()
    writer.append("params", params={"seed": "3"}, origin=True)
    writer.append("tags", tags={"record": "as now"}, origin=True)
    keep_files(writer, {"config.yaml": b"seed: 3\n"}, "", origin=True)
    keep_files(writer, {"run.json": b"{}", "new/a.py": b""}, "code", record="as now")
    for step, loss in enumerate([0.1 + 0.2, math.nan, math.inf, -math.inf, 1e-300]):
        writer.log({"val/loss": loss, "train/loss": 0.5}, step)
    folder = workspace.output / "models" / "network"
    folder.mkdir(parents=True)
    (folder / "state.ckpt").write_text("weights", "utf-8")
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "x")])
    keep_model(writer, folder, (schema, schema), {"train": "123"}, ("numpy",))
    writer.append("status", status="FINISHED", at=2**41)
    return writer


def everything(project: Path) -> list[Any]:
    """All that the database holds of the run, in a form that can be compared."""
    found = client(project)
    (run,) = runs(found, "mine")
    models = found.search_logged_models([run.info.experiment_id])
    kept = sorted(file.path for file in found.list_artifacts(run.info.run_id))
    facts = (run.info.run_id, run.info.status, run.info.start_time, run.info.end_time)
    made = [(model.model_id, model.status, model.source_run_id) for model in models]
    return [facts, run.data.params, run.data.tags, history(found, run), kept, made]


@pytest.mark.slow
def test_everything_arrives_as_it_was(
    journal: Writer, ship: Callable[..., Shipment], project: Path
) -> None:
    assert ship(journal).complete
    facts, params, tags, values, kept, models = everything(project)
    assert facts[1:] == ("FINISHED", journal.run["at"], 2**41)
    assert (params, kept, len(models)) == ({"seed": "3"}, ["code", "config.yaml"], 1)
    assert (tags["data_hash_train"], len(tags["model_hash"])) == ("123", 32)
    assert values == journalled(journal)


@pytest.mark.slow
def test_what_is_sent_twice_arrives_once(
    journal: Writer, ship: Callable[..., Shipment], project: Path
) -> None:
    ship(journal)
    before = everything(project)
    (journal.folder / ARRIVED).unlink()
    journal.log({"val/loss": 0.25}, 9)  # in one batch with those that are there
    assert ship(journal).complete
    after = everything(project)
    assert after.pop(3) == journalled(journal)
    assert after == before[:3] + before[4:]


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(4))
def test_a_kill_between_sending_and_noting_loses_and_doubles_nothing(
    journal: Writer,
    ship: Callable[..., Shipment],
    project: Path,
    moment: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notes = iter(range(100))
    arrived = Shipment._arrived

    def stopped(self: Shipment, **news: Any) -> None:
        if next(notes) == moment:
            raise KeyboardInterrupt
        arrived(self, **news)

    with monkeypatch.context() as patched:
        patched.setattr(Shipment, "_arrived", stopped)
        with pytest.raises(KeyboardInterrupt):
            ship(journal)
    assert ship(journal).complete
    assert everything(project)[3] == journalled(journal)
    assert len(everything(project)[5]) == 1


@pytest.mark.slow
def test_batches_are_not_larger_than_mlflow_takes(
    begin: Begin, ship: Callable[..., Shipment], project: Path
) -> None:
    journal = begin()
    journal.append("params", params={f"p{number}": "1" for number in range(MOST["params"] + 1)})
    for step in range(5):
        journal.log({f"m{number}": 0.5 for number in range(MOST["metrics"] // 2 + 1)}, step)
    assert ship(journal).sent == MOST["params"] + 1 + 5 * (MOST["metrics"] // 2 + 1)
    assert everything(project)[3] == journalled(journal)
    assert len(everything(project)[1]) == MOST["params"] + 1


def test_a_value_that_mlflow_refuses_is_said_and_costs_no_other(
    begin: Begin, ship: Callable[..., Shipment], said: list[str], project: Path
) -> None:
    journal = begin()
    journal.log({"good": 0.5, "b@d": 0.5, "fine": 0.5}, 0)
    assert ship(journal).complete
    assert set(everything(project)[3]) == {"good", "fine"}
    assert len(said) == 1
    assert "refuses b@d" in said[0]


@pytest.mark.slow
def test_a_store_of_artifacts_that_fails_does_not_hold_the_numbers_up(
    journal: Writer, ship: Callable[..., Shipment], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no such bucket")

    with monkeypatch.context() as patched:
        patched.setattr(MlflowClient, "log_artifacts", fail)
        with pytest.raises(OSError, match="no such bucket"):
            ship(journal)
        assert everything(project)[3] == journalled(journal)
        journal.log({"val/loss": 0.25}, 9)
        with pytest.raises(OSError, match="no such bucket"):
            ship(journal)
    assert everything(project)[3] == journalled(journal)
    assert ship(journal).complete
    assert everything(project)[4] == ["code", "config.yaml"]


@pytest.mark.slow
def test_a_run_that_is_gone_or_moves_to_another_server_is_sent_as_a_whole(
    journal: Writer, ship: Callable[..., Shipment], project: Path, empty_database: Path
) -> None:
    ship(journal)
    (run,) = runs(client(project), "mine")
    client(project).delete_run(run.info.run_id)
    ship(journal)
    assert everything(project)[3] == journalled(journal)
    (project / "other.db").write_bytes(empty_database.read_bytes())
    ship(journal, "other.db")
    other = MlflowClient(f"sqlite:///{(project / 'other.db').as_posix()}")
    assert history(other, runs(other, "mine")[0]) == journalled(journal)


@pytest.mark.slow
def test_half_a_model_from_before_a_kill_is_replaced(
    journal: Writer, ship: Callable[..., Shipment], project: Path
) -> None:
    shipment = ship(journal)
    found = client(project)
    experiment = everything(project)[0] and runs(found, "mine")[0].info.experiment_id
    (whole,) = found.search_logged_models([experiment])
    found.delete_logged_model(whole.model_id)
    half = found.create_logged_model(experiment, "model", shipment._state["run"])
    (journal.folder / ARRIVED).unlink()
    ship(journal)
    ((model, status, _),) = everything(project)[5]
    assert (model == half.model_id, str(status)) == (False, "READY")


@pytest.mark.slow
def test_evaluation_adds_to_the_run_that_logged_the_model_and_changes_nothing_else(
    journal: Writer, begin: Begin, ship: Callable[..., Shipment], project: Path
) -> None:
    ship(journal)
    facts, params, tags, values, *_ = everything(project)
    joining = begin("two", joins=tags["model_hash"], name="another")
    joining.append("params", params={"seed": "4"}, origin=True)
    joining.append("tags", tags={"record": "other"}, origin=True)
    keep_files(joining, {"left.txt": b""}, "code", record="other")
    joining.log({"test/accuracy": 0.5}, 0)
    joining.end_if_killed()
    assert ship(joining).complete
    after = everything(project)
    assert after[:3] == [facts, params, tags]
    assert after[3] == values | journalled(joining)
    names = {file.path for file in client(project).list_artifacts(facts[0], "code")}
    assert names == {"code/new", "code/run.json"}
