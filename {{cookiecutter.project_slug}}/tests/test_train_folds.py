"""Tables in folds: one network to release, and one of each fold that says how good it is."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from calling import Invoke
from small_training import fit

from {{ cookiecutter.package_name }} import baselines, evaluate, report, score, train
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.insight import rate_finder
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.training import fitting

pytestmark = pytest.mark.slow


def state_of(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "state.ckpt", weights_only=True)["state_dict"]


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert set(one) == set(other)
    assert all(torch.equal(weights, other[name]) for name, weights in one.items())


@pytest.fixture
def copied(folded: Path, tmp_path: Path, current: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project in folds, with its configuration as the current one."""
    project = shutil.copytree(folded, tmp_path / "in folds")
    current.write_text((folded / "current.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(project)
    return project


def test_in_folds_there_is_a_network_to_release_and_one_of_each_fold(folded: Path) -> None:
    folder = folded / "models" / "network"
    assert sorted(path.name for path in folder.glob("*/")) == ["fold-0", "fold-1", "fold-2"]
    networks = [folder, *sorted(folder.glob("*/"))]
    facts = [json.loads((one / "model.json").read_text("utf-8")) for one in networks]
    assert [one["fold"] for one in facts] == [None, 0, 1, 2]
    first, *others = (state_of(one) for one in networks)
    assert all(
        any(not torch.equal(weights, other[name]) for name, weights in first.items())
        for other in others
    )


def test_the_network_to_release_is_trained_on_every_row_but_those_of_validation(
    folded: Path, project: Path
) -> None:
    trained = fit(folded / "data/prepared", project, "trainer.max_epochs=2")
    rows = trained.data.manifest.rows
    assert len(trained.data.targets) == rows["train"] + rows["test"]
    assert_same(trained.learner.network.state_dict(), state_of(folded / "models/network"))


def test_a_fold_by_hand_trains_the_network_that_the_pipeline_has_for_it(
    copied: Path, invoke: Invoke
) -> None:
    invoke(train.main, "data.fold=2", "run=two")
    folder = copied / "runs" / "two" / "models" / "network"
    assert_same(state_of(folder), state_of(copied / "models" / "network" / "fold-2"))
    assert json.loads((folder / "model.json").read_text("utf-8"))["fold"] == 2
    assert list(folder.glob("*/")) == []


def test_a_fold_by_hand_is_scored_compared_and_reported_on_its_own_rows(
    copied: Path, invoke: Invoke
) -> None:
    for verb in (train, baselines, score, evaluate, report):
        invoke(verb.main, "run=two", *["data.fold=2"] * (verb in (train, baselines)))
    metrics = json.loads((copied / "runs/two/reports/metrics.json").read_text("utf-8"))
    rows = load_split(copied / "data/prepared", "test", 2).ids
    assert metrics["test_set"]["rows"] == len(rows)
    assert metrics["test_set"]["folds"] == 0
    page = (copied / "runs/two/reports/report.html").read_text("utf-8")
    assert f"The same {len(rows)} test rows for every model" in page
    assert "by hash into 3 folds" in page
    scored = Predictions.load(copied / "runs/two/predictions/network/test.parquet")
    whole = Predictions.load(copied / "predictions/network/test.parquet")
    assert whole.fold is not None
    assert scored.ids == rows
    np.testing.assert_allclose(scored.outputs, whole.outputs[whole.fold == 2], atol=1e-6)


@pytest.mark.parametrize("first", [True, False])
def test_one_rate_is_looked_for_and_the_first_process_clears_up(
    copied: Path,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    first: bool,
) -> None:
    monkeypatch.setattr(rate_finder, "STEPS", 60)
    monkeypatch.setattr(fitting, "is_worker", lambda: not first)
    invoke(train.main, "debug=find_lr", "run=rate")
    assert capsys.readouterr().out.count("suggested optimizer.lr=") == 1
    run = copied / "runs" / "rate"
    assert {file.name for file in (run / "insights").iterdir()} >= {"lr_find.csv", "lr_find.png"}
    assert not (run / "models").exists()
    assert (run / "scratch" / "training").exists() is not first


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("data.fold=3", "data.fold=3: expected 0 to 2"),
        ("trainer.devices=2", "trainer.devices=2: expected 1 where each fold has a network"),
    ],
)
def test_folds_that_cannot_be_trained_are_refused(
    argument: str, message: str, copied: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit, match=message):
        invoke(train.main, argument, "run=one")
    assert not (copied / "runs" / "one").exists()
