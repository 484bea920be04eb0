import math
import shutil
from pathlib import Path

import pytest
import torch
from calling import Invoke
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import fit

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training import fitting
from {{ cookiecutter.package_name }}.training.history import History
from {{ cookiecutter.package_name }}.training.trainer import make_trainer

LAST = 2  # epoch


class Spoil(Callback):
    """Turn what the network says around, before the last epoch is validated."""

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.current_epoch == LAST:
            for weights in list(pl_module.parameters())[-2:]:
                weights.data *= -100


def test_the_weights_of_the_best_epoch_are_kept(prepared: Path, project: Path) -> None:
    trained = fit(prepared, project, callbacks=[Spoil()])
    lines = trained.history.file.read_text("utf-8").splitlines()
    losses = [float(line.split(",")[-1]) for line in lines[1:]]
    assert losses[LAST] == max(losses)
    assert trained.validation_loss() == pytest.approx(min(losses), rel=1e-5)


@pytest.mark.ml_test_score("infra-1")
def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    prepared: Path, project: Path
) -> None:
    first, second, other = (
        torch.cat([weights.flatten() for weights in trained.learner.parameters()])
        for trained in [fit(prepared, project, f"seed={seed}") for seed in (0, 0, 1)]
    )
    assert torch.equal(first, second)
    assert not torch.allclose(first, other)


def test_training_stops_when_validation_has_not_improved_for_so_long(
    prepared: Path, project: Path
) -> None:
    still = ["optimizer.lr=1e-12", "trainer.max_epochs=50", "trainer.patience=1"]
    trained = fit(prepared, project, "model.dropout=0", *still)
    assert trained.learner.trainer.current_epoch < 20


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_hardware_that_is_not_there_is_refused_with_what_tells_more(
    default_config: Config, tmp_path: Path
) -> None:
    default_config.trainer.accelerator = "cuda"
    with pytest.raises(UserError, match=r"trainer: .*`uv run doctor`"):
        make_trainer(default_config.trainer, tmp_path, [])


def test_an_unknown_precision_is_refused(default_config: Config, tmp_path: Path) -> None:
    default_config.trainer.precision = "12-true"
    with pytest.raises(UserError, match=r"trainer: .*12-true"):
        make_trainer(default_config.trainer, tmp_path, [])


def test_processes_that_would_have_no_rows_to_train_on_are_refused(
    pipeline: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pipeline)
    three = ["trainer=ddp", "trainer.accelerator=cpu", "trainer.devices=3", "data.batch_size=5"]
    with pytest.raises(SystemExit, match=r"data\.batch_size=5: expected 6 or more: two rows for"):
        invoke(train.main, "run=one", *three)


def test_a_training_without_an_epoch_of_finite_validation_loss_is_refused(tmp_path: Path) -> None:
    history = History(tmp_path / "history.csv", 3, None)
    rows = [{"epoch": float(at), "val/loss": loss} for at, loss in enumerate((math.nan, math.inf))]
    history.load_state_dict({"rows": rows})
    with pytest.raises(UserError, match=r"no epoch had a finite .*Lower optimizer\.lr=0\.5,"):
        fitting.check_converged(history, 0.5)
    history.load_state_dict({"rows": [*rows, {"epoch": 2.0, "val/loss": 9.0}]})
    fitting.check_converged(history, 0.5)


@pytest.mark.slow
@pytest.mark.ml_test_score("mon-5")
def test_a_training_that_diverges_publishes_no_model(
    pipeline: Path, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dvc.yaml").touch()
    shutil.copytree(pipeline / "data" / "prepared", tmp_path / "data" / "prepared")
    shutil.copytree(pipeline / "reports", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        invoke(train.main, "run=one", "optimizer.lr=1e38", "trainer.max_epochs=1")
    assert "training diverged" in str(caught.value.code)
    assert not (tmp_path / "runs" / "one" / "models").exists()
    assert not (tmp_path / "models").exists()
