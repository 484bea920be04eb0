import csv
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import fit

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training.history import History

COLUMNS = ["epoch", "train/loss", "val/accuracy", "val/loss"]


class Fail(Callback):
    """Stop as the third epoch begins."""

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.current_epoch == 2:
            raise LookupError("killed")


class Spoil(Callback):
    """Make the network worse as the third epoch begins."""

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.current_epoch == 2:
            for weights in pl_module.parameters():
                weights.data.mul_(-3)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def test_each_epoch_is_on_disk_before_the_next_begins(prepared: Path, project: Path) -> None:
    with pytest.raises(LookupError, match="killed"):
        fit(prepared, project, callbacks=[Fail()])
    found = rows(project / "runs" / "one" / "history.csv")
    assert [row["epoch"] for row in found] == ["0", "1"]
    assert list(found[0]) == COLUMNS


@pytest.mark.slow
def test_a_new_training_begins_a_new_table(
    prepared: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        trained = fit(prepared, project)
        assert [row["epoch"] for row in rows(trained.history.file)] == ["0", "1", "2"]
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].startswith("train: epoch   3/3  train/loss ")
    assert lines[-1].startswith(f"train: best epoch {trained.history.best_epoch + 1}, ")


def test_the_table_of_a_checkpoint_is_written_again_whatever_the_disk_has_lost(
    tmp_path: Path,
) -> None:
    row = {"epoch": 0, "train/loss": 0.1 + 0.2, "val/loss": 0.5}
    later = {"epoch": 1, "train/loss": 0.1, "val/loss": math.inf}
    trainer: Any = SimpleNamespace(is_global_zero=True)
    for left in ("", "epoch,train/loss,val/loss\n0,0.3", "nothing"):
        (tmp_path / "history.csv").write_text(left, "utf-8")
        history = History(tmp_path / "history.csv", 3, None)
        history.load_state_dict({"rows": [row, later]})
        history.on_train_start(trainer, LightningModule())
        found = [{name: float(value) for name, value in one.items()} for one in rows(history.file)]
        assert found == [row, later]
        assert (history.best_epoch, history.best_metrics["val/loss"]) == (0, 0.5)


def test_a_disk_that_takes_no_table_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history.csv", 3, None)
    history.load_state_dict({"rows": [{"epoch": 0, "val/loss": 0.5}]})
    trainer: Any = SimpleNamespace(is_global_zero=True)
    with pytest.raises(UserError, match=r"history.csv: could not be written \("):
        history.on_train_start(trainer, LightningModule())


@pytest.mark.slow
def test_the_network_of_a_fold_says_only_how_it_ended(
    folded: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained = fit(folded / "data" / "prepared", project, fold=1, listens=False)
    assert len(rows(trained.history.file)) == 3
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"train: best epoch {trained.history.best_epoch + 1} of fold 1, ")


def test_the_best_epoch_is_the_one_of_lowest_validation_loss(pipeline: Path) -> None:
    found = rows(pipeline / "models" / "network" / "history.csv")
    best = min(found, key=lambda row: float(row["val/loss"]))
    facts = json.loads((pipeline / "models" / "network" / "model.json").read_text("utf-8"))
    assert facts["best_epoch"] == int(best["epoch"])
    assert facts["validation"] == {name: float(best[name]) for name in COLUMNS[1:]}


def test_an_epoch_that_is_worse_is_in_the_table_and_not_the_best(
    prepared: Path, project: Path
) -> None:
    history = fit(prepared, project, callbacks=[Spoil()]).history
    losses = [float(row["val/loss"]) for row in rows(history.file)]
    assert losses[2] > min(losses[:2])
    assert history.best_epoch == losses.index(min(losses))
    assert history.best_metrics["val/loss"] == min(losses)


def test_validation_metrics_are_those_of_the_predictions_table(pipeline: Path) -> None:
    facts = json.loads((pipeline / "models" / "network" / "model.json").read_text("utf-8"))
    table = Predictions.load(pipeline / "predictions" / "network" / "val.parquet")
    assert facts["validation"]["val/accuracy"] == pytest.approx(table.correct.mean())
