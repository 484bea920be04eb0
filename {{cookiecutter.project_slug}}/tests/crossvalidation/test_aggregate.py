import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from calling import Invoke

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.crossvalidation import aggregate
from {{ cookiecutter.package_name }}.records.looks import read_looks
from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.scoring import load_networks, predict_rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(folded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run by hand for each fold."""
    project = shutil.copytree(folded, tmp_path_factory.mktemp("trained") / "project")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(project)
        monkeypatch.setattr(composition, "CURRENT", folded / "current.yaml")
        for fold in range(Manifest.load(project / "data/prepared").folds):
            choices = [f"run=fold{fold}", f"data.fold={fold}", "trainer.max_epochs=1"]
            monkeypatch.setattr(sys, "argv", ["train", *choices])
            train.main()
    return project


@pytest.fixture
def swept(
    trained: Path, folded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: Path
) -> Path:
    """A copy of that project, in which commands start."""
    project = shutil.copytree(trained, tmp_path / "swept")
    current.write_text((folded / "current.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(project)
    return project


def test_runs_over_folds_are_put_together(
    swept: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    invoke(aggregate.main)
    (entry,) = json.loads((swept / "runs/aggregate.json").read_text("utf-8"))["procedures"]
    manifest = Manifest.load(swept / "data/prepared")
    prepared = swept / "data/prepared"
    models = [swept / f"runs/fold{fold}/models/network" for fold in range(manifest.folds)]
    tables = [predict_rows(load_networks(model, prepared), prepared, "test") for model in models]
    right = np.concatenate([table.correct for table in tables])
    assert entry["rows"] == len(right) == sum(manifest.rows.values())
    assert entry["value"] == pytest.approx(right.mean())
    assert entry["procedure"] == ""
    assert capsys.readouterr().out.startswith("aggregate: as configured: accuracy 0.")


def test_a_procedure_is_called_by_what_the_others_do_not_have(swept: Path, invoke: Invoke) -> None:
    for fold in (0, 1):
        choices = [f"run=slow{fold}", f"data.fold={fold}", "optimizer.lr=0.0001"]
        invoke(train.main, *choices, "trainer.max_epochs=1")
    invoke(aggregate.main, "fold[01]", "slow*")
    found = json.loads((swept / "runs/aggregate.json").read_text("utf-8"))
    assert [entry["procedure"] for entry in found["procedures"]] == ["", "optimizer.lr=0.0001"]
    assert [entry["pairs"] for entry in found["differences"]] == [2]


def test_names_choose_among_the_runs(swept: Path, invoke: Invoke) -> None:
    invoke(aggregate.main, "fold[01]")
    (entry,) = json.loads((swept / "runs/aggregate.json").read_text("utf-8"))["procedures"]
    assert entry["runs"] == ["fold0", "fold1"]


def test_test_rows_count_as_one_look_for_the_networks_of_all_folds(
    swept: Path, invoke: Invoke
) -> None:
    before = read_looks(swept)
    invoke(aggregate.main, "split=val")
    assert read_looks(swept) == before
    invoke(aggregate.main)
    (look,) = read_looks(swept)[len(before) :]
    metrics = json.loads((swept / "reports/metrics.json").read_text("utf-8"))
    assert look.test_set == metrics["test_set"]["hash"]
    invoke(aggregate.main)  # the same models again
    assert len(read_looks(swept)) == len(before) + 1


def test_a_difference_is_told_in_points_and_which_way_it_goes() -> None:
    entry = {"procedure": "b=1", "reference": "", "metric": "accuracy", "pairs": 5, "method": "t"}
    told = aggregate.told_difference(entry | {"value": -0.012, "low": -0.021, "high": 0.003})
    expected = "behind by 1.2 points [2.1 behind to 0.3 ahead] over 5 pairs, t"
    assert told == f"b=1 against as configured: {expected}"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["split=vla"], "aggregate: split=vla: unknown. Did you mean 'split=val'?"),
        ([], "aggregate: no trained run by hand. `uv run train -m seed=0,1,2` makes three"),
        (["wide-*"], "aggregate: wide-*: no such run."),
    ],
)
def test_without_runs_it_says_how_to_make_them(
    names: list[str], message: str, project: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit) as caught:
        invoke(aggregate.main, *names)
    assert str(caught.value.code).startswith(message)
    assert not (project / "runs").exists()


def test_help_says_what_it_takes(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(aggregate.main, "--help")
    assert "a name may hold *" in capsys.readouterr().out
