"""Only the same training goes on, and what is another one is said in one line."""

import json
from copy import deepcopy
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke
from omegaconf import OmegaConf
from test_train_settings import SHORT, copy_inputs

from {{ cookiecutter.package_name }} import train
from {{ cookiecutter.package_name }}.config import Config, typed
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training import fitting
from {{ cookiecutter.package_name }}.training.resume import (
    begin,
    differences,
    has_ended,
    identity,
)

HASHES = {"train": "a", "val": "b", "test": "c"}
SAME = [
    "trainer.accelerator=gpu",
    "trainer.devices=4",
    "trainer.nodes=2",
    "trainer.threads=3",
    "trainer.strategy=ddp",
    "trainer.compile=true",
    "trainer.checkpoints.steps=7",
    "data.workers=3",
    "tracking.enabled=false",
    "evaluation.level=0.9",
    "run=other",
    "resume=auto",
]
OTHERS = [
    ("model.width=77", "model.width"),
    ("model.dropout=0.77", "model.dropout"),
    ("optimizer.lr=0.77", "optimizer.lr"),
    ("optimizer.warmup=0.77", "optimizer.warmup"),
    ("trainer.max_epochs=77", "trainer.max_epochs"),
    ("trainer.precision=bf16-mixed", "trainer.precision"),
    ("trainer.accumulate=7", "trainer.accumulate"),
    ("trainer.ema=0.77", "trainer.ema"),
    ("trainer.gradient_clip=0.77", "trainer.gradient_clip"),
    ("trainer.class_weights=balanced", "trainer.class_weights"),
    ("trainer.patience=77", "trainer.patience"),
    ("trainer.strategy=fsdp", "trainer.strategy"),
    ("data.batch_size=77", "data.batch_size"),
    ("data.memory_share=0.77", "data.memory_share"),
    ("data.fold=0", "fold"),
    ("seed=77", "seed"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose training reads one file of the package."""
    stages = {"train": {"deps": ["${package}/train.py", "data/prepared"]}}
    (tmp_path / "dvc.yaml").write_text(json.dumps({"stages": stages}), "utf-8")
    return tmp_path


@cache
def composed() -> Any:
    return compose([*SHORT, "optimizer.fused=false"])


def identity_of(project: Path, *overrides: str) -> dict[str, Any]:
    changes = OmegaConf.from_dotlist(list(overrides))
    config: Config = typed(OmegaConf.merge(composed(), changes))
    data = config.data
    reading = Reading(data.batch_size, data.memory_share, data.workers)
    recipe = fitting.Recipe(
        config.model, config.optimizer, config.trainer, reading, data.augmentation, config.seed
    )
    return identity({**asdict(recipe), "fold": data.fold}, HASHES, project)


@pytest.fixture
def scratch(folder: Path) -> Path:
    """Where a training has begun and kept something."""
    place = folder / "scratch"
    begin(place, identity_of(folder), wanted=True, strict=True)
    (place / "kept").touch()
    return place


@pytest.mark.parametrize("override", SAME)
def test_where_and_how_fast_it_runs_makes_no_other_training(folder: Path, override: str) -> None:
    assert differences(identity_of(folder), identity_of(folder, override)) == []


@pytest.mark.parametrize(("override", "key"), OTHERS)
def test_what_the_result_depends_on_makes_another_training(
    folder: Path, scratch: Path, override: str, key: str
) -> None:
    current, value = identity_of(folder, override), override.partition("=")[2]
    assert differences(identity_of(folder), current) == [key]
    with pytest.raises(UserError) as caught:
        begin(scratch, current, wanted=True, strict=True)
    assert str(caught.value).startswith(f"resume=auto: {key} was ")
    assert f" and is {value} now, which is another training." in str(caught.value)
    assert (scratch / "kept").exists()  # it can still go on


def test_other_data_and_other_code_make_another_training(folder: Path) -> None:
    before = identity_of(folder)
    current = deepcopy(before)
    current["content of data/prepared"]["train"] = "z"
    assert differences(before, current) == ["content of data/prepared.train"]
    (folder / "dvc.yaml").write_text("{}", "utf-8")
    assert differences(before, identity_of(folder)) == ["code"]


def test_the_same_training_goes_on(folder: Path, scratch: Path) -> None:
    for strict in (False, True):
        assert begin(scratch, identity_of(folder), wanted=True, strict=strict)
    assert (scratch / "kept").exists()


def test_a_stage_that_is_another_training_begins_anew(folder: Path, scratch: Path) -> None:
    current = identity_of(folder, "seed=77")
    assert not begin(scratch, current, wanted=True, strict=False)
    assert not (scratch / "kept").exists()
    assert begin(scratch, current, wanted=True, strict=False)


def test_changed_code_goes_on_by_hand_and_says_so_and_begins_a_stage_anew(
    folder: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = identity_of(folder) | {"code": "other"}
    assert begin(scratch, changed, wanted=True, strict=True)
    assert capsys.readouterr().out.startswith("train: the code has changed since")
    assert (scratch / "kept").exists()
    assert not begin(scratch, changed, wanted=True, strict=False)
    assert not (scratch / "kept").exists()


def test_nothing_goes_on_that_should_not(folder: Path, scratch: Path) -> None:
    assert not begin(scratch, identity_of(folder), wanted=False, strict=True)
    assert not (scratch / "kept").exists()


def test_other_processes_of_a_training_delete_nothing(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert not begin(scratch, identity_of(folder), wanted=False, strict=True)
    assert (scratch / "kept").exists()


def test_a_training_has_ended_when_its_model_is_all_that_it_left(scratch: Path) -> None:
    model = scratch.with_name("model")
    assert not has_ended(scratch, model)
    model.mkdir()
    assert not has_ended(scratch, model)  # the model is of a training before
    (scratch / "identity.json").unlink()
    assert has_ended(scratch, model)


@pytest.mark.slow
def test_a_run_that_has_ended_is_trained_again_only_without_resume(
    project: Path,
    prepared: Path,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def train_network(*_: object, goes_on: bool) -> None:
        raise UserError(f"trains, goes on: {goes_on}")

    monkeypatch.setattr(fitting, "train_network", train_network)
    copy_inputs(prepared, project)
    (project / "runs/one/models/network").mkdir(parents=True)
    invoke(train.main, "run=one", "resume=auto", *SHORT)
    assert "train: this run has ended; without resume=auto" in capsys.readouterr().out
    for resume, goes_on in (("never", False), ("never", False), ("auto", True)):
        with pytest.raises(SystemExit, match=f"trains, goes on: {goes_on}"):
            invoke(train.main, "run=one", f"resume={resume}", *SHORT)
