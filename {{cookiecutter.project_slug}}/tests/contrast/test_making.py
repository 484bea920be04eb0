from dataclasses import replace
from pathlib import Path

import pytest
import small_data
from calling import QUICK

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.contrast import making
from {{ cookiecutter.package_name }}.contrast.plan import Contrast
from {{ cookiecutter.package_name }}.runtime.errors import UserError

pytestmark = pytest.mark.slow

SHORT = ["trainer.max_epochs=1"]


@pytest.fixture(autouse=True)
def _quick(current: Path) -> None:
    kept = [*QUICK, *small_data.OVERRIDES, "baselines.threads=1"]
    current.write_text("".join(f"- {override}\n" for override in kept), "utf-8")


def test_a_network_is_trained_once_and_then_remembered(
    project: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = project / "runs/compare-x-small/network0-seed3"
    first = making.network(prepared, SHORT, 3, "test", place)
    (cell,) = first.cells
    assert (cell.seed, cell.fold) == (3, None)
    assert cell.table.ids == load_split(prepared, "test", None).ids
    assert cell.trained_on == len(load_split(prepared, "train", None).ids)

    def trains(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(making, "_train", trains)
    again = making.network(prepared, SHORT, 3, "test", place)
    assert (again.validation, again.seconds) == (first.validation, first.seconds)
    assert (again.cells[0].table.outputs == cell.table.outputs).all()
    with pytest.raises(AssertionError):  # another network is trained, and the old one forgotten
        making.network(prepared, [*SHORT, "optimizer.lr=0.1"], 3, "test", place)
    assert not place.exists()


def test_classical_models_get_as_many_tries_and_the_best_or_the_named_one_is_taken(
    prepared: Path, plan: Contrast
) -> None:
    best = making.classical(prepared, plan, 0)
    assert best.name != "dummy"
    assert best.cells[0].table.ids == load_split(prepared, "test", None).ids
    found = making.classical(prepared, replace(plan, classical="knn"), 0)
    assert (found.name, found.cells[0].run) == ("knn", "knn-seed0")
    with pytest.raises(UserError, match=r"classical=kmm: .*Valid: .*dummy, knn,"):
        making.classical(prepared, replace(plan, classical="kmm"), 0)


def test_the_best_has_the_highest_accuracy_or_the_lowest_error() -> None:
    values = {"a": 0.7, "b": 0.9, "c": 0.9}
    assert making.best_of(values, more_is_better=True) == "b"
    assert making.best_of(values, more_is_better=False) == "a"


def test_data_that_cannot_be_made_stop_the_contrast(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "VERBS", ("no_such_verb",))
    with pytest.raises(UserError, match="settings: x=1: `no_such_verb` failed"):
        making.make_data(project, "compare-x-small", ["x=1"])
