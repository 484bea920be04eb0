"""Every setting reaches the training that the command starts."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import polars as pl
import pytest
import small_data
import torch
from calling import QUICK, Invoke
from kit_facts import EDITS

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.config import typed
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash
from {{ cookiecutter.package_name }}.training import batches, export
from {{ cookiecutter.package_name }}.training.trainer import make_trainer

pytestmark = pytest.mark.slow

OWN = [
    f"{group}.{key}={new}"
    for group, key, (_, new), readers in EDITS
    if readers == {"train"} and key != "memory_share"
]
SHORT = [*QUICK, *small_data.OVERRIDES, "tracking.enabled=false"]
SETTINGS = [
    "seed=1",
    "optimizer.lr=0.02",
    "trainer.class_weights=balanced",
    "trainer.gradient_clip=0.001",
    "trainer.max_epochs=1",
    "trainer.overfit_batches=1",
    *OWN,
]
Train = Callable[..., Path]  # train("key=value", ...) gives the model's folder
WeightsOf = Callable[..., str]


def copy_inputs(prepared: Path, project: Path) -> None:
    """Give ``project`` what training reads."""
    shutil.copytree(prepared, project / "data" / "prepared")
    (project / "reports").mkdir()
    (project / "reports" / "audit.json").write_text("[]\n", "utf-8")


@pytest.fixture
def by_hand(project: Path, prepared: Path, invoke: Invoke) -> Train:
    """Train by hand on the small data."""
    copy_inputs(prepared, project)

    def call(*overrides: str) -> Path:
        run = f"run{len(list(project.glob('runs/*')))}"
        invoke(train.main, f"run={run}", *SHORT, *overrides)
        return project / "runs" / run / "models" / "network"

    return call


@pytest.fixture
def weights_of(by_hand: Train, monkeypatch: pytest.MonkeyPatch) -> WeightsOf:
    """Train by hand, save nothing but the weights, and return their hash."""
    monkeypatch.setattr(export, "_save_programs", Mock(return_value={}))

    def call(*overrides: str) -> str:
        return file_hash(by_hand(*overrides) / "state.ckpt")

    return call


def test_every_setting_changes_the_weights(weights_of: WeightsOf) -> None:
    usual = weights_of()
    assert [override for override in SETTINGS if weights_of(override) == usual] == []


def test_only_rows_on_disk_in_several_blocks_come_in_another_order(
    weights_of: WeightsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory, one_block = weights_of("data.memory_share=1.0"), weights_of("data.memory_share=0.0")
    monkeypatch.setattr(batches, "BLOCK_BYTES", 1000)
    blocks, still = weights_of("data.memory_share=0.0"), weights_of("data.memory_share=1.0")
    assert [one == in_memory for one in (one_block, still, blocks)] == [True, True, False]


def test_the_same_settings_give_the_same_model_which_names_them(by_hand: Train) -> None:
    first, second = (by_hand("seed=7", "optimizer.lr=0.02") for _ in range(2))
    for file in ("state.ckpt", "program.pt2", "model.json", "history.csv"):
        assert (first / file).read_bytes() == (second / file).read_bytes(), file
    facts = json.loads((first / "model.json").read_text("utf-8"))
    assert (facts["seed"], facts["optimizer"]["lr"]) == (7, 0.02)


def test_one_batch_again_and_again_is_learned_by_heart(by_hand: Train) -> None:
    settings = ["debug=overfit", "model.width=16", "trainer.max_epochs=150"]
    history = pl.read_csv(by_hand(*settings) / "history.csv")
    assert history["train/loss"][-1] < 0.01


def test_a_fast_dev_run_goes_through_every_step(by_hand: Train) -> None:
    assert (by_hand("debug=fast_dev_run") / "program.pt2").is_file()


def test_the_trainer_is_what_its_settings_say(tmp_path: Path) -> None:
    settings = typed(compose(["trainer.gradient_clip=0.5"])).trainer
    settings.overfit_batches, settings.accumulate = 3, 2
    try:
        trainer = make_trainer(settings, tmp_path, [])
        assert torch.are_deterministic_algorithms_enabled()
    finally:
        torch.use_deterministic_algorithms(False)  # the Trainer switches it on for the process
    assert (trainer.gradient_clip_val, trainer.limit_train_batches) == (0.5, 3)
    assert trainer.accumulate_grad_batches == 2
